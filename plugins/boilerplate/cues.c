/* cues: reads what a role's file says.
 *
 *     at: head                     # where the role may stand: head, tail, edges, anywhere
 *     max: 120                     # columns of its longest line
 *     cues:
 *       - terms: {发布日期: 1}       # or `lines:` with patterns, or `structure: NAME`
 *         at: line-begin           # head, tail, line-begin, line-end
 *       - structure: date
 *         weight: 0.4
 *     continues: {"*未完待续*": 0.9}  # lines that say that the text goes on elsewhere
 *
 * Called from open(). Makes one array of items; the terms also go into one lexicon (items.c).
 */
#include <errno.h>
#include <string.h>

#include "items.h"
#include "score.h"
#include "structure.h"

#define MAX_COLUMNS     120
#define MAX_COLUMNS_TOP 2000

struct place_name {
    const char *name;
    uint32_t at;
};

static const struct place_name role_places[] = {
    {"anywhere", 0}, {"head", AT_HEAD}, {"tail", AT_TAIL}, {"edges", AT_HEAD | AT_TAIL}, {NULL, 0}};
static const struct place_name cue_places[] = {{"anywhere", 0},
                                               {"head", AT_HEAD},
                                               {"tail", AT_TAIL},
                                               {"edges", AT_HEAD | AT_TAIL},
                                               {"line-begin", AT_LINE_BEGIN},
                                               {"line-end", AT_LINE_END},
                                               {NULL, 0}};

static uint32_t read_place(struct definitions_check *check, const struct taxon_node *node,
                           const struct place_name *places, const char *known)
{
    const char *name = node == NULL ? NULL : definitions_text(check, node, "at", 40);

    for (size_t i = 0; name != NULL && places[i].name != NULL; i++) {
        if (strcmp(places[i].name, name) == 0) {
            return places[i].at;
        }
    }
    if (name != NULL) {
        definitions_mistake(check, node, "\"%.40s\" is no place (known: %s)", name, known);
    }
    return 0;
}

/* What tells one cue from another: exactly one of these keys. */
static const struct taxon_node *read_kind(struct definitions_check *check,
                                          const struct taxon_node *node, enum cue_kind *out_kind)
{
    static const char *const names[] = {"terms", "lines", "structure"};
    const struct taxon_node *found = NULL;
    size_t count = 0;

    for (size_t i = 0; i < 3; i++) {
        const struct taxon_node *value = definitions_get(node, names[i]);

        if (value != NULL) {
            found = value;
            *out_kind = (enum cue_kind)i;
            count++;
        }
    }
    if (count != 1) {
        definitions_mistake(check, node, "a cue has one of terms, lines and structure");
        return NULL;
    }
    if (*out_kind != CUE_STRUCTURE && definitions_get(node, "weight") != NULL) {
        definitions_mistake(check, definitions_get(node, "weight"),
                            "weight goes with structure; terms and lines have their own");
    }
    return found;
}

static int read_structure(struct items *items, struct cue_item cue, const struct taxon_node *node)
{
    const struct taxon_node *value = definitions_get(node, "structure");
    const char *name = definitions_text(items->check, value, "structure", 60);

    if (name == NULL) {
        return 0;
    }
    cue.structure = (uint32_t)structure_find(name);
    if (cue.structure == STRUCTURE_COUNT) {
        definitions_mistake(items->check, value, "no structure is called \"%.40s\"", name);
        return 0;
    }
    return items_add_structure(items, cue, definitions_get(node, "weight"));
}

static int read_list(struct items *items, struct cue_item cue, const struct taxon_node *list)
{
    int r = 0;

    if (list->kind != TAXON_NODE_MAPPING || list->count == 0) {
        definitions_mistake(items->check, list, "should be a mapping of %s to weights",
                            cue.kind == CUE_TERMS ? "terms" : "patterns");
        return 0;
    }
    for (size_t i = 0; i < list->count && r == 0; i++) {
        r = items_add(items, cue, definitions_key(list, i), definitions_item(list, i));
    }
    return r;
}

static int read_cue(struct items *items, uint32_t role, const struct taxon_node *node)
{
    static const char *const keys[] = {"terms", "lines", "structure", "weight", "at", NULL};
    struct cue_item cue = {.role = role, .structure = NO_STRUCTURE};
    const struct taxon_node *at = definitions_get(node, "at");
    const struct taxon_node *list;

    if (!definitions_is_mapping(items->check, node, "a cue", keys)) {
        return 0;
    }
    list = read_kind(items->check, node, &cue.kind);
    if (list == NULL) {
        return 0;
    }
    cue.at = read_place(items->check, at, cue_places,
                        "anywhere, head, tail, edges, line-begin, line-end");
    if (cue.kind != CUE_TERMS && (cue.at & (AT_LINE_BEGIN | AT_LINE_END)) != 0) {
        definitions_mistake(items->check, at, "goes with terms only");
    }
    return cue.kind == CUE_STRUCTURE ? read_structure(items, cue, node)
                                     : read_list(items, cue, list);
}

static int read_role(struct items *items, uint32_t index)
{
    const struct taxon_node *node = items->boilerplate->labels.items[index].node;
    const struct taxon_node *cues = definitions_get(node, "cues");
    const struct taxon_node *continues = definitions_get(node, "continues");
    struct role *role = &items->boilerplate->roles[index];
    double max = MAX_COLUMNS;
    int r = 0;

    if (definitions_get(node, "max") != NULL) {
        definitions_number(items->check, definitions_get(node, "max"), "max", 1, MAX_COLUMNS_TOP,
                           &max);
    }
    role->max = (uint32_t)max;
    role->floor = score_floor(items->boilerplate->labels.items[index].threshold);
    role->at = read_place(items->check, definitions_get(node, "at"), role_places,
                          "anywhere, head, tail, edges");
    if (role->max > items->boilerplate->max) {
        items->boilerplate->max = role->max;
    }
    if (cues != NULL && cues->kind != TAXON_NODE_SEQUENCE) {
        definitions_mistake(items->check, cues, "cues should be a sequence");
        return 0;
    }
    for (size_t i = 0; cues != NULL && i < cues->count && r == 0; i++) {
        r = read_cue(items, index, definitions_item(cues, i));
    }
    if (r == 0 && continues != NULL) {
        r = read_list(items, (struct cue_item){.role = index, .kind = CUE_CONTINUES}, continues);
    }
    return r;
}

static uint32_t find_role(const struct boilerplate *boilerplate, const char *id)
{
    for (uint32_t i = 0; i < boilerplate->labels.count; i++) {
        if (strcmp(boilerplate->labels.items[i].id, id) == 0) {
            return i;
        }
    }
    return NO_ROLE;
}

int boilerplate_read_cues(struct boilerplate *boilerplate, struct definitions_check *check)
{
    struct items items;
    int r;

    if (boilerplate->labels.count > ROLES_MAX) {
        definitions_mistake(check, boilerplate->labels.items[ROLES_MAX].node,
                            "more than %d roles are more than taxond can hold apart", ROLES_MAX);
        return 0;
    }
    boilerplate->known = (struct known_roles){
        .placeholder = find_role(boilerplate, "placeholder"),
        .related = find_role(boilerplate, "related"),
        .comment = find_role(boilerplate, "comment"),
        .pagination = find_role(boilerplate, "pagination"),
        .residue = find_role(boilerplate, "script-residue"),
        .navigation = find_role(boilerplate, "navigation"),
        .footer = find_role(boilerplate, "footer"),
        .aside = find_role(boilerplate, "aside"),
    };
    r = items_init(&items, boilerplate, check);
    for (uint32_t i = 0; i < boilerplate->labels.count && r == 0; i++) {
        r = read_role(&items, i);
    }
    return items_finish(&items, r);
}
