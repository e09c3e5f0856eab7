/* text/common_characters: the most frequent characters of four ways of writing, most frequent
 * first, as UTF-8. Inside core/text only. */
#ifndef TEXT_COMMON_CHARACTERS_H
#define TEXT_COMMON_CHARACTERS_H

extern const char common_simplified[];
extern const char common_traditional[];
extern const char common_japanese[];
extern const char common_korean[];

#endif
