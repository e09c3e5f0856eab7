/* The layout of every public struct and the value of every public constant, held against ABI 1.2.
 *
 * All of it is checked by the compiler; that this file compiles is the test. A member that moved,
 * changed its type or went away is named in the compiler's message. Members may be appended, with a
 * higher TAXON_ABI_MINOR.
 */
#include <stddef.h>
#include <stdio.h>

#include "frozen_v1.h"

#if defined(__x86_64__) && defined(__LP64__)
#define PLACED(type, member, offset) offsetof(struct frozen_##type, member) == (offset)
#define SIZED(type, size)            sizeof(struct frozen_##type) == (size)
#else
#define PLACED(type, member, offset) 1
#define SIZED(type, size)            1
#endif

#define TYPE_OF(type, member) __typeof__(((struct type *)0)->member)

#define MEMBER(type, member, offset)                                                               \
    _Static_assert(PLACED(type, member, offset),                                                   \
                   "the frozen copy was edited: " #type "." #member);                              \
    _Static_assert(offsetof(struct type, member) == offsetof(struct frozen_##type, member),        \
                   #type "." #member " moved");                                                    \
    _Static_assert(__builtin_types_compatible_p(TYPE_OF(type, member),                             \
                                                TYPE_OF(frozen_##type, member)),                   \
                   #type "." #member " changed its type")

#define SIZE(type, size)                                                                           \
    _Static_assert(SIZED(type, size), "the frozen copy was edited: " #type);                       \
    _Static_assert(sizeof(struct type) >= sizeof(struct frozen_##type), #type " shrank");          \
    _Static_assert(TAXON_ABI_MINOR > 2 || sizeof(struct type) == sizeof(struct frozen_##type),     \
                   #type " grew without a higher TAXON_ABI_MINOR")

#define CONSTANT(name, value) _Static_assert((name) == (value), #name " changed its value")

_Static_assert(TAXON_ABI_MAJOR == 1, "another major needs another frozen copy");
_Static_assert(TAXON_NOWHERE == (size_t)-1, "TAXON_NOWHERE changed its value");
_Static_assert(__builtin_types_compatible_p(__typeof__(&taxon_plugin_v1),
                                            const struct taxon_descriptor *(*)(void)),
               "taxon_plugin_v1 changed its type");

CONSTANT(TAXON_NODE_SCALAR, 1u);
CONSTANT(TAXON_NODE_SEQUENCE, 2u);
CONSTANT(TAXON_NODE_MAPPING, 3u);
CONSTANT(TAXON_OPTION_BOOL, 1u);
CONSTANT(TAXON_OPTION_INT, 2u);
CONSTANT(TAXON_OPTION_REAL, 3u);
CONSTANT(TAXON_OPTION_STRING, 4u);
CONSTANT(TAXON_OPTION_DURATION, 5u);
CONSTANT(TAXON_OPTION_BYTES, 6u);
CONSTANT(TAXON_OPTION_PATH, 7u);
CONSTANT(TAXON_OPTION_CHOICE, 8u);
CONSTANT(TAXON_OPTION_LIST, 9u);
CONSTANT(TAXON_OPTION_MAP, 10u);
CONSTANT(TAXON_BLOCK_PARAGRAPH, 1u);
CONSTANT(TAXON_BLOCK_HEADING, 2u);
CONSTANT(TAXON_BLOCK_LIST_ITEM, 3u);
CONSTANT(TAXON_BLOCK_TABLE_ROW, 4u);
CONSTANT(TAXON_BLOCK_QUOTE, 5u);
CONSTANT(TAXON_BLOCK_CODE, 6u);
CONSTANT(TAXON_BLOCK_FORM, 7u);
CONSTANT(TAXON_BLOCK_CAPTION, 8u);
CONSTANT(TAXON_BLOCK_NAV, 9u);
CONSTANT(TAXON_BLOCK_FOOTER, 10u);
CONSTANT(TAXON_BLOCK_HEADER, 11u);
CONSTANT(TAXON_BLOCK_ASIDE, 12u);
CONSTANT(TAXON_BLOCK_OTHER, 13u);
CONSTANT(TAXON_IN_ARTICLE, 0x1u);
CONSTANT(TAXON_IN_MAIN, 0x2u);
CONSTANT(TAXON_IN_SECTION, 0x4u);
CONSTANT(TAXON_IN_LIST, 0x8u);
CONSTANT(TAXON_IN_TERMS, 0x10u);
CONSTANT(TAXON_IN_TABLE, 0x20u);
CONSTANT(TAXON_IN_ROW, 0x40u);
CONSTANT(TAXON_IN_PARAGRAPH, 0x80u);
CONSTANT(TAXON_IN_HEADING, 0x100u);
CONSTANT(TAXON_IN_QUOTE, 0x200u);
CONSTANT(TAXON_IN_CODE, 0x400u);
CONSTANT(TAXON_IN_FIGURE, 0x800u);
CONSTANT(TAXON_IN_FORM, 0x1000u);
CONSTANT(TAXON_IN_NAV, 0x2000u);
CONSTANT(TAXON_IN_ASIDE, 0x4000u);
CONSTANT(TAXON_IN_HEADER, 0x8000u);
CONSTANT(TAXON_IN_FOOTER, 0x10000u);
CONSTANT(TAXON_IN_DETAILS, 0x20000u);
CONSTANT(TAXON_IN_BUTTON, 0x40000u);
CONSTANT(TAXON_IN_EMPHASIS, 0x80000u);
CONSTANT(TAXON_IN_BREAK, 0x100000u);
CONSTANT(TAXON_IN_CHOICES, 0x200000u);
CONSTANT(TAXON_NAME_NAV, 0x1u);
CONSTANT(TAXON_NAME_HEADER, 0x2u);
CONSTANT(TAXON_NAME_FOOTER, 0x4u);
CONSTANT(TAXON_NAME_SIDE, 0x8u);
CONSTANT(TAXON_NAME_MAIN, 0x10u);
CONSTANT(TAXON_NAME_CONTENT, 0x20u);
CONSTANT(TAXON_NAME_ARTICLE, 0x40u);
CONSTANT(TAXON_NAME_COMMENT, 0x80u);
CONSTANT(TAXON_NAME_RELATED, 0x100u);
CONSTANT(TAXON_NAME_SHARE, 0x200u);
CONSTANT(TAXON_NAME_AD, 0x400u);
CONSTANT(TAXON_NAME_META, 0x800u);
CONSTANT(TAXON_NAME_TAG, 0x1000u);
CONSTANT(TAXON_NAME_TITLE, 0x2000u);
CONSTANT(TAXON_NAME_SUMMARY, 0x4000u);
CONSTANT(TAXON_NAME_MEDIA, 0x8000u);
CONSTANT(TAXON_NAME_WIDGET, 0x10000u);
CONSTANT(TAXON_NAME_SEARCH, 0x20000u);
CONSTANT(TAXON_NAME_ACCOUNT, 0x40000u);
CONSTANT(TAXON_NAME_POPUP, 0x80000u);
CONSTANT(TAXON_NAME_LIST, 0x100000u);
CONSTANT(TAXON_NAME_PRODUCT, 0x200000u);
CONSTANT(TAXON_NAME_REVIEW, 0x400000u);
CONSTANT(TAXON_NAME_FORUM, 0x800000u);
CONSTANT(TAXON_NAME_PAGER, 0x1000000u);
CONSTANT(TAXON_NAME_TOOL, 0x2000000u);
CONSTANT(TAXON_NAME_CODE, 0x4000000u);
CONSTANT(TAXON_NAME_FEATURE, 0x8000000u);
CONSTANT(TAXON_NAME_LINK, 0x10000000u);
CONSTANT(TAXON_NAME_TOC, 0x20000000u);
CONSTANT(TAXON_NAME_HIDDEN, 0x40000000u);
CONSTANT(TAXON_NAME_BRAND, 0x80000000u);
CONSTANT(TAXON_LOG_DEBUG, 0u);
CONSTANT(TAXON_LOG_INFO, 1u);
CONSTANT(TAXON_LOG_WARNING, 2u);
CONSTANT(TAXON_LOG_ERROR, 3u);
CONSTANT(TAXON_KIND_READER, 1u);
CONSTANT(TAXON_KIND_CLASSIFIER, 2u);

MEMBER(taxon_node, struct_size, 0);
MEMBER(taxon_node, kind, 4);
MEMBER(taxon_node, line, 8);
MEMBER(taxon_node, column, 12);
MEMBER(taxon_node, quoted, 16);
MEMBER(taxon_node, reserved, 20);
MEMBER(taxon_node, file, 24);
MEMBER(taxon_node, text, 32);
MEMBER(taxon_node, text_len, 40);
MEMBER(taxon_node, count, 48);
MEMBER(taxon_node, keys, 56);
MEMBER(taxon_node, items, 64);
SIZE(taxon_node, 72);

MEMBER(taxon_option, struct_size, 0);
MEMBER(taxon_option, type, 4);
MEMBER(taxon_option, element, 8);
MEMBER(taxon_option, required, 12);
MEMBER(taxon_option, name, 16);
MEMBER(taxon_option, fallback, 24);
MEMBER(taxon_option, help, 32);
MEMBER(taxon_option, choices, 40);
MEMBER(taxon_option, min, 48);
MEMBER(taxon_option, max, 56);
SIZE(taxon_option, 64);

MEMBER(taxon_value, struct_size, 0);
MEMBER(taxon_value, type, 4);
MEMBER(taxon_value, integer, 8);
MEMBER(taxon_value, real, 16);
MEMBER(taxon_value, text, 24);
MEMBER(taxon_value, text_len, 32);
MEMBER(taxon_value, count, 40);
MEMBER(taxon_value, keys, 48);
MEMBER(taxon_value, items, 56);
SIZE(taxon_value, 64);

MEMBER(taxon_label_decl, struct_size, 0);
MEMBER(taxon_label_decl, reserved, 4);
MEMBER(taxon_label_decl, scheme, 8);
MEMBER(taxon_label_decl, id, 16);
MEMBER(taxon_label_decl, name_zh, 24);
MEMBER(taxon_label_decl, name_en, 32);
MEMBER(taxon_label_decl, parent, 40);
MEMBER(taxon_label_decl, threshold, 48);
MEMBER(taxon_label_decl, definition, 56);
MEMBER(taxon_label_decl, codes, 64);
MEMBER(taxon_label_decl, code_count, 72);
MEMBER(taxon_label_decl, code_stride, 80);
SIZE(taxon_label_decl, 88);

MEMBER(taxon_code, struct_size, 0);
MEMBER(taxon_code, reserved, 4);
MEMBER(taxon_code, vocabulary, 8);
MEMBER(taxon_code, code, 16);
SIZE(taxon_code, 24);

MEMBER(taxon_evidence, struct_size, 0);
MEMBER(taxon_evidence, reserved, 4);
MEMBER(taxon_evidence, begin, 8);
MEMBER(taxon_evidence, end, 16);
MEMBER(taxon_evidence, weight, 24);
MEMBER(taxon_evidence, reason, 32);
SIZE(taxon_evidence, 40);

MEMBER(taxon_label, struct_size, 0);
MEMBER(taxon_label, reserved, 4);
MEMBER(taxon_label, scheme, 8);
MEMBER(taxon_label, id, 16);
MEMBER(taxon_label, score, 24);
MEMBER(taxon_label, evidence, 32);
MEMBER(taxon_label, evidence_count, 40);
MEMBER(taxon_label, evidence_stride, 48);
SIZE(taxon_label, 56);

MEMBER(taxon_span, struct_size, 0);
MEMBER(taxon_span, reserved, 4);
MEMBER(taxon_span, scheme, 8);
MEMBER(taxon_span, id, 16);
MEMBER(taxon_span, begin, 24);
MEMBER(taxon_span, end, 32);
MEMBER(taxon_span, score, 40);
MEMBER(taxon_span, reason, 48);
SIZE(taxon_span, 56);

MEMBER(taxon_fact, struct_size, 0);
MEMBER(taxon_fact, reserved, 4);
MEMBER(taxon_fact, name, 8);
MEMBER(taxon_fact, value, 16);
MEMBER(taxon_fact, value_len, 24);
MEMBER(taxon_fact, begin, 32);
MEMBER(taxon_fact, end, 40);
MEMBER(taxon_fact, score, 48);
MEMBER(taxon_fact, reason, 56);
SIZE(taxon_fact, 64);

MEMBER(taxon_block, struct_size, 0);
MEMBER(taxon_block, kind, 4);
MEMBER(taxon_block, begin, 8);
MEMBER(taxon_block, end, 16);
MEMBER(taxon_block, depth, 24);
MEMBER(taxon_block, level, 28);
MEMBER(taxon_block, link_bytes, 32);
MEMBER(taxon_block, reserved, 36);
MEMBER(taxon_block, tag_path_hash, 40);
MEMBER(taxon_block, joint_depth, 48);
MEMBER(taxon_block, elements, 52);
MEMBER(taxon_block, names, 56);
MEMBER(taxon_block, near_names, 60);
SIZE(taxon_block, 64);

MEMBER(taxon_signature, struct_size, 0);
MEMBER(taxon_signature, reserved, 4);
MEMBER(taxon_signature, name, 8);
MEMBER(taxon_signature, data, 16);
MEMBER(taxon_signature, data_len, 24);
SIZE(taxon_signature, 32);

MEMBER(taxon_member, struct_size, 0);
MEMBER(taxon_member, reserved, 4);
MEMBER(taxon_member, name, 8);
MEMBER(taxon_member, name_len, 16);
MEMBER(taxon_member, media_type, 24);
MEMBER(taxon_member, url, 32);
MEMBER(taxon_member, charset, 40);
MEMBER(taxon_member, date, 48);
MEMBER(taxon_member, index, 56);
MEMBER(taxon_member, offset, 64);
SIZE(taxon_member, 72);

MEMBER(taxon_input, struct_size, 0);
MEMBER(taxon_input, reserved, 4);
MEMBER(taxon_input, raw, 8);
MEMBER(taxon_input, raw_len, 16);
MEMBER(taxon_input, decoded, 24);
MEMBER(taxon_input, decoded_len, 32);
MEMBER(taxon_input, charset, 40);
MEMBER(taxon_input, media_type, 48);
MEMBER(taxon_input, name, 56);
MEMBER(taxon_input, source, 64);
MEMBER(taxon_input, url, 72);
MEMBER(taxon_input, resume_index, 80);
MEMBER(taxon_input, resume_offset, 88);
SIZE(taxon_input, 96);

MEMBER(taxon_document, struct_size, 0);
MEMBER(taxon_document, reserved, 4);
MEMBER(taxon_document, raw, 8);
MEMBER(taxon_document, raw_len, 16);
MEMBER(taxon_document, text, 24);
MEMBER(taxon_document, text_len, 32);
MEMBER(taxon_document, folded, 40);
MEMBER(taxon_document, folded_len, 48);
MEMBER(taxon_document, blocks, 56);
MEMBER(taxon_document, block_count, 64);
MEMBER(taxon_document, block_stride, 72);
MEMBER(taxon_document, charset, 80);
MEMBER(taxon_document, language, 88);
MEMBER(taxon_document, script, 96);
MEMBER(taxon_document, media_type, 104);
MEMBER(taxon_document, name, 112);
MEMBER(taxon_document, source, 120);
MEMBER(taxon_document, url, 128);
MEMBER(taxon_document, labels, 136);
MEMBER(taxon_document, label_count, 144);
MEMBER(taxon_document, label_stride, 152);
MEMBER(taxon_document, spans, 160);
MEMBER(taxon_document, span_count, 168);
MEMBER(taxon_document, span_stride, 176);
MEMBER(taxon_document, facts, 184);
MEMBER(taxon_document, fact_count, 192);
MEMBER(taxon_document, fact_stride, 200);
SIZE(taxon_document, 208);

MEMBER(taxon_opening, struct_size, 0);
MEMBER(taxon_opening, reserved, 4);
MEMBER(taxon_opening, host, 8);
MEMBER(taxon_opening, name, 16);
SIZE(taxon_opening, 24);

MEMBER(taxon_task, struct_size, 0);
MEMBER(taxon_task, reserved, 4);
MEMBER(taxon_task, host, 8);
MEMBER(taxon_task, instance, 16);
SIZE(taxon_task, 24);

MEMBER(taxon_resource, struct_size, 0);
MEMBER(taxon_resource, reserved, 4);
MEMBER(taxon_resource, path, 8);
MEMBER(taxon_resource, data, 16);
MEMBER(taxon_resource, data_len, 24);
MEMBER(taxon_resource, sha256, 32);
SIZE(taxon_resource, 64);

MEMBER(taxon_host, struct_size, 0);
MEMBER(taxon_host, abi_minor, 4);
MEMBER(taxon_host, option, 8);
MEMBER(taxon_host, resource, 16);
MEMBER(taxon_host, yaml, 24);
MEMBER(taxon_host, mistake, 32);
MEMBER(taxon_host, declare_label, 40);
MEMBER(taxon_host, keep, 48);
MEMBER(taxon_host, fold, 56);
MEMBER(taxon_host, log_open, 64);
MEMBER(taxon_host, log, 72);
MEMBER(taxon_host, alloc, 80);
MEMBER(taxon_host, should_stop, 88);
MEMBER(taxon_host, unfold, 96);
MEMBER(taxon_host, label, 104);
MEMBER(taxon_host, span, 112);
MEMBER(taxon_host, signature, 120);
MEMBER(taxon_host, fact, 128);
MEMBER(taxon_host, text, 136);
MEMBER(taxon_host, block, 144);
MEMBER(taxon_host, member_begin, 152);
MEMBER(taxon_host, member_write, 160);
MEMBER(taxon_host, member_end, 168);
MEMBER(taxon_host, extension, 176);
SIZE(taxon_host, 184);

MEMBER(taxon_descriptor, struct_size, 0);
MEMBER(taxon_descriptor, abi_minor, 4);
MEMBER(taxon_descriptor, kind, 8);
MEMBER(taxon_descriptor, reserved, 12);
MEMBER(taxon_descriptor, name, 16);
MEMBER(taxon_descriptor, version, 24);
MEMBER(taxon_descriptor, summary, 32);
MEMBER(taxon_descriptor, schemes, 40);
MEMBER(taxon_descriptor, media_types, 48);
MEMBER(taxon_descriptor, after, 56);
MEMBER(taxon_descriptor, labels, 64);
MEMBER(taxon_descriptor, label_count, 72);
MEMBER(taxon_descriptor, label_stride, 80);
MEMBER(taxon_descriptor, options, 88);
MEMBER(taxon_descriptor, option_count, 96);
MEMBER(taxon_descriptor, option_stride, 104);
MEMBER(taxon_descriptor, open, 112);
MEMBER(taxon_descriptor, classify, 120);
MEMBER(taxon_descriptor, read, 128);
MEMBER(taxon_descriptor, close, 136);
SIZE(taxon_descriptor, 144);

int main(void)
{
    puts("ABI 1.0 stands.");
    return 0;
}
