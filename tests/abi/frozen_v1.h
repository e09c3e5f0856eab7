/* The structs of ABI 1.0 as they were when it was published. Never edited: a plugin built on that
 * day still runs. What pointers point to is named by the living headers, so that the test can
 * compare types as well as places. A later minor gets a frozen copy of its own beside this one.
 */
#ifndef TESTS_ABI_FROZEN_V1_H
#define TESTS_ABI_FROZEN_V1_H

#include <taxon/plugin.h>

struct frozen_taxon_node {
    uint32_t struct_size;
    uint32_t kind;
    uint32_t line;
    uint32_t column;
    uint32_t quoted;
    uint32_t reserved;
    const char *file;
    const char *text;
    size_t text_len;
    size_t count;
    const struct taxon_node *const *keys;
    const struct taxon_node *const *items;
};

struct frozen_taxon_option {
    uint32_t struct_size;
    uint32_t type;
    uint32_t element;
    uint32_t required;
    const char *name;
    const char *fallback;
    const char *help;
    const char *const *choices;
    double min;
    double max;
};

struct frozen_taxon_value {
    uint32_t struct_size;
    uint32_t type;
    int64_t integer;
    double real;
    const char *text;
    size_t text_len;
    size_t count;
    const char *const *keys;
    const struct taxon_value *const *items;
};

struct frozen_taxon_code { /* 1.1 */
    uint32_t struct_size;
    uint32_t reserved;
    const char *vocabulary;
    const char *code;
};

struct frozen_taxon_label_decl {
    uint32_t struct_size;
    uint32_t reserved;
    const char *scheme;
    const char *id;
    const char *name_zh;
    const char *name_en;
    const char *parent;
    double threshold;
    /* 1.1 */
    const char *definition;
    const struct taxon_code *codes;
    size_t code_count;
    size_t code_stride;
};

struct frozen_taxon_evidence {
    uint32_t struct_size;
    uint32_t reserved;
    size_t begin;
    size_t end;
    double weight;
    const char *reason;
};

struct frozen_taxon_label {
    uint32_t struct_size;
    uint32_t reserved;
    const char *scheme;
    const char *id;
    double score;
    const struct taxon_evidence *evidence;
    size_t evidence_count;
    size_t evidence_stride;
};

struct frozen_taxon_span {
    uint32_t struct_size;
    uint32_t reserved;
    const char *scheme;
    const char *id;
    size_t begin;
    size_t end;
    double score;
    const char *reason;
};

struct frozen_taxon_fact {
    uint32_t struct_size;
    uint32_t reserved;
    const char *name;
    const char *value;
    size_t value_len;
    size_t begin;
    size_t end;
    double score;
    /* 1.1 */
    const char *reason;
};

struct frozen_taxon_block {
    uint32_t struct_size;
    uint32_t kind;
    size_t begin;
    size_t end;
    uint32_t depth;
    uint32_t level;
    uint32_t link_bytes;
    uint32_t reserved;
    uint64_t tag_path_hash;
    /* 1.2 */
    uint32_t joint_depth;
    uint32_t elements;
    uint32_t names;
    uint32_t near_names;
};

struct frozen_taxon_signature {
    uint32_t struct_size;
    uint32_t reserved;
    const char *name;
    const void *data;
    size_t data_len;
};

struct frozen_taxon_member {
    uint32_t struct_size;
    uint32_t reserved;
    const char *name;
    size_t name_len;
    const char *media_type;
    const char *url;
    const char *charset;
    const char *date;
    uint64_t index;
    uint64_t offset; /* 1.2 */
};

struct frozen_taxon_input {
    uint32_t struct_size;
    uint32_t reserved;
    const void *raw;
    size_t raw_len;
    const char *decoded;
    size_t decoded_len;
    const char *charset;
    const char *media_type;
    const char *name;
    const char *source;
    const char *url;
    /* 1.2 */
    uint64_t resume_index;
    uint64_t resume_offset;
};

struct frozen_taxon_document {
    uint32_t struct_size;
    uint32_t reserved;
    const void *raw;
    size_t raw_len;
    const char *text;
    size_t text_len;
    const char *folded;
    size_t folded_len;
    const struct taxon_block *blocks;
    size_t block_count;
    size_t block_stride;
    const char *charset;
    const char *language;
    const char *script;
    const char *media_type;
    const char *name;
    const char *source;
    const char *url;
    const struct taxon_label *labels;
    size_t label_count;
    size_t label_stride;
    const struct taxon_span *spans;
    size_t span_count;
    size_t span_stride;
    const struct taxon_fact *facts;
    size_t fact_count;
    size_t fact_stride;
};

struct frozen_taxon_opening {
    uint32_t struct_size;
    uint32_t reserved;
    const struct taxon_host *host;
    const char *name;
};

struct frozen_taxon_task {
    uint32_t struct_size;
    uint32_t reserved;
    const struct taxon_host *host;
    void *instance;
};

struct frozen_taxon_resource {
    uint32_t struct_size;
    uint32_t reserved;
    const char *path;
    const void *data;
    size_t data_len;
    uint8_t sha256[32];
};

struct frozen_taxon_host {
    uint32_t struct_size;
    uint32_t abi_minor;
    const struct taxon_value *(*option)(struct taxon_opening *opening, const char *name);
    int32_t (*resource)(struct taxon_opening *opening, const char *option, size_t index,
                        struct taxon_resource *out_resource);
    int32_t (*yaml)(struct taxon_opening *opening, const char *option, size_t index,
                    const struct taxon_node **out_root);
    void (*mistake)(struct taxon_opening *opening, const struct taxon_node *node,
                    const char *message);
    int32_t (*declare_label)(struct taxon_opening *opening, const struct taxon_label_decl *label);
    void *(*keep)(struct taxon_opening *opening, size_t size);
    int32_t (*fold)(struct taxon_opening *opening, const char *text, size_t text_len,
                    const char **out_folded, size_t *out_folded_len);
    void (*log_open)(struct taxon_opening *opening, uint32_t level, const char *line);
    void (*log)(struct taxon_task *task, uint32_t level, const char *line);
    void *(*alloc)(struct taxon_task *task, size_t size);
    int32_t (*should_stop)(struct taxon_task *task);
    int32_t (*unfold)(struct taxon_task *task, size_t begin, size_t end, size_t *out_begin,
                      size_t *out_end);
    int32_t (*label)(struct taxon_task *task, const struct taxon_label *label);
    int32_t (*span)(struct taxon_task *task, const struct taxon_span *span);
    int32_t (*signature)(struct taxon_task *task, const struct taxon_signature *signature);
    int32_t (*fact)(struct taxon_task *task, const struct taxon_fact *fact);
    int32_t (*text)(struct taxon_task *task, const char *text, size_t text_len);
    int32_t (*block)(struct taxon_task *task, const struct taxon_block *block);
    int32_t (*member_begin)(struct taxon_task *task, const struct taxon_member *member);
    int32_t (*member_write)(struct taxon_task *task, const void *data, size_t data_len);
    int32_t (*member_end)(struct taxon_task *task);
    const void *(*extension)(const char *name);
};

struct frozen_taxon_descriptor {
    uint32_t struct_size;
    uint32_t abi_minor;
    uint32_t kind;
    uint32_t reserved;
    const char *name;
    const char *version;
    const char *summary;
    const char *const *schemes;
    const char *const *media_types;
    const char *const *after;
    const struct taxon_label_decl *labels;
    size_t label_count;
    size_t label_stride;
    const struct taxon_option *options;
    size_t option_count;
    size_t option_stride;
    int32_t (*open)(struct taxon_opening *opening, void **out_instance);
    int32_t (*classify)(void *instance, struct taxon_task *task,
                        const struct taxon_document *document);
    int32_t (*read)(void *instance, struct taxon_task *task, const struct taxon_input *input);
    void (*close)(void *instance);
};

#endif
