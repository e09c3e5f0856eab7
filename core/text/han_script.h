/* text/han_script: which Han characters are written in only one of the two scripts; generated, see
 * generate_fold_table.py. Inside core/text only. */
#ifndef TEXT_HAN_SCRIPT_H
#define TEXT_HAN_SCRIPT_H

#include <stdbool.h>
#include <stdint.h>

#define HAN_SCRIPT_BEGIN 0x3400u /* U+3400 … U+9FFF, a bit each */
#define HAN_SCRIPT_END   0xA000u
#define HAN_SCRIPT_WORDS ((HAN_SCRIPT_END - HAN_SCRIPT_BEGIN) / 64)

extern const uint64_t han_only_traditional[HAN_SCRIPT_WORDS];
extern const uint64_t han_only_simplified[HAN_SCRIPT_WORDS];

static inline bool han_script_has(const uint64_t words[HAN_SCRIPT_WORDS], uint32_t code_point)
{
    uint32_t at = code_point - HAN_SCRIPT_BEGIN;
    return at < HAN_SCRIPT_END - HAN_SCRIPT_BEGIN && ((words[at / 64] >> (at % 64)) & 1) != 0;
}

#endif
