/* twice: replies for itself, with a whole and sound reply that says something else, to the first
 * job that a daemon gave out; the worker's own reply then is the second one. */
#include <string.h>

#include "base/strbuf.h"
#include "evil.h"
#include "wire/frame.h"
#include "wire/reply.h"

#define WORKER_SOCKET_FD 3
#define FIRST_JOB        1

TAXON_CLASSIFIER(twice, "1.0", "Replies twice on poison-twice.", "safe", 0.5)
{
    struct reply reply = {.charset = "UTF-8",
                          .charset_score = 1,
                          .charset_declared = "",
                          .media_type = "text/plain",
                          .language = "en",
                          .script = "Latn",
                          .reader = "text",
                          .unusable = "forged",
                          .unusable_reason = "said by twice"};
    struct strbuf payload = STRBUF_INIT;

    if (evil_is_poisoned(document, "poison-twice")) {
        reply_pack(&payload, &reply);
        (void)frame_send(WORKER_SOCKET_FD, FRAME_REPLY, FIRST_JOB, payload.data, payload.len, -1,
                         -1);
        strbuf_release(&payload);
    }
    return evil_say_safe(task, "twice");
}
