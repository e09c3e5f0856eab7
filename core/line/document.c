/* line/document: the slots that documents on their way sit in, and the lists that hold them.
 *
 * Called by the line's own files only. Memory is taken once at the start; a slot keeps its buffers
 * from one document to the next.
 */
#include "line/document.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/printable.h"
#include "line/line_state.h"

void document_list_init(struct document_list *list)
{
    list->first = NULL;
    list->last = &list->first;
    list->count = 0;
}

void document_list_push(struct document_list *list, struct document *document)
{
    document->next = NULL;
    *list->last = document;
    list->last = &document->next;
    list->count++;
}

struct document *document_list_pop(struct document_list *list)
{
    struct document *document = list->first;

    if (document == NULL)
        return NULL;
    list->first = document->next;
    if (list->first == NULL)
        list->last = &list->first;
    list->count--;
    document->next = NULL;
    return document;
}

void document_list_move(struct document_list *from, struct document_list *to, uint32_t most)
{
    while (most-- > 0 && from->first != NULL)
        document_list_push(to, document_list_pop(from));
}

int documents_init(struct documents *documents, struct line *line, uint32_t count)
{
    documents->slots = calloc(count, sizeof(*documents->slots));
    if (documents->slots == NULL)
        return -ENOMEM;
    documents->count = count;
    document_list_init(&documents->free);
    for (uint32_t i = 0; i < count; i++) {
        struct document *document = &documents->slots[i];

        document->line = line;
        document->file.fd = -1;
        document->placement.folder_fd = -1;
        arena_init(&document->arena, 0);
        arena_init(&document->reply_arena, 0);
        strbuf_init(&document->record);
        strbuf_init(&document->text);
        strbuf_init(&document->summary);
        document_list_push(&documents->free, document);
    }
    return 0;
}

void document_forget_also(struct document *document)
{
    for (size_t i = 0; i < PLAN_ALSO_MAX; i++) {
        free(document->also_placed[i]);
        document->also_placed[i] = NULL;
    }
    free(document->aside);
    document->aside = NULL;
    document->older.text[0] = '\0';
    document->also_err.text[0] = '\0';
}

void documents_release(struct documents *documents)
{
    for (uint32_t i = 0; i < documents->count; i++) {
        struct document *document = &documents->slots[i];

        free(document->path);
        file_close(&document->file.fd);
        place_release(&document->placement);
        document_forget_also(document);
        members_forget(document);
        strbuf_release(&document->text);
        generation_drop(document->generation);
        arena_release(&document->arena);
        arena_release(&document->reply_arena);
        strbuf_release(&document->record);
        strbuf_release(&document->summary);
    }
    free(documents->slots);
    documents->slots = NULL;
    documents->count = 0;
}

struct document *document_take(struct documents *documents)
{
    struct document *document = documents->free.first;

    if (document == NULL || id_new(&document->id) < 0)
        return NULL;
    return document_list_pop(&documents->free);
}

/* A buffer that one huge record has blown up is not kept. */
static void keep_small(struct strbuf *buf)
{
    if (buf->size > 256u * 1024u)
        strbuf_release(buf);
    else
        strbuf_clear(buf);
}

void document_give_back(struct documents *documents, struct document *document)
{
    free(document->path);
    document->path = NULL;
    file_close(&document->file.fd);
    place_release(&document->placement);
    document_forget_also(document);
    keep_small(&document->text);
    memset(&document->placement, 0, sizeof(document->placement));
    document->placement.folder_fd = -1;
    members_forget(document);
    arena_reset(&document->arena);
    arena_release(&document->reply_arena);
    document->reply = NULL;
    document->undecided = false;
    document->key_count = 0;
    memset(&document->near, 0, sizeof(document->near));
    keep_small(&document->record);
    keep_small(&document->summary);
    memset(&document->attempt, 0, sizeof(document->attempt));
    memset(&document->plan, 0, sizeof(document->plan));
    memset(&document->text_digest, 0, sizeof(document->text_digest));
    generation_drop(document->generation);
    document->generation = NULL;
    document->from = NULL;
    document->labels = NULL;
    document->label_count = 0;
    document->attempts = 0;
    document->replayed = false;
    document->suspect = false;
    document->given_out = false;
    document->released = false;
    document->request = NULL;
    document->kept = false;
    document->returned = false;
    document->decided_row = false;
    document->failure[0] = '\0';
    document->failure_stage[0] = '\0';
    document->failure_by[0] = '\0';
    document->step_result = 0;
    document->read_result = 0;
    document->tried = false;
    document->effect = CATALOG_EFFECT_NONE;
    document->gone = false;
    document_list_push(&documents->free, document);
}

void document_set_inbox(struct document *document, struct line_inbox *from)
{
    document->from = from;
    from->documents++;
    snprintf(document->source, sizeof(document->source), "%s", from->inbox->settings->source);
}

void document_set_path(struct document *document, char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;
    size_t len = strlen(name);

    if (len >= sizeof(document->name))
        len = sizeof(document->name) - 1;
    memcpy(document->name, name, len);
    document->name[printable_clean(document->name, len)] = '\0';
    free(document->path);
    document->path = path;
}
