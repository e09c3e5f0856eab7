/* wire/reply_section: the sections of a packed reply, each at most once, the first one first.
 * Numbers stay for ever; a new section gets the next. Inside core/wire only. */
#ifndef WIRE_REPLY_SECTION_H
#define WIRE_REPLY_SECTION_H

enum reply_section {
    REPLY_SECTION_DOCUMENT = 1, /* required: what the other sections' offsets are checked against */
    REPLY_SECTION_RIVALS = 2,
    REPLY_SECTION_LIMITS = 3,
    REPLY_SECTION_LABELS = 4,
    REPLY_SECTION_SPANS = 5,
    REPLY_SECTION_FACTS = 6,
    REPLY_SECTION_SIGNATURES = 7,
    REPLY_SECTION_FAILURES = 8,
    REPLY_SECTION_TIMINGS = 9,
    REPLY_SECTION_LOGS = 10,
    REPLY_SECTION_TEXT = 11, /* only when the job asked for it */
    REPLY_SECTION_DAMAGE = 12,
    REPLY_SECTION_VECTORS = 13, /* only when the job asked for them */
    REPLY_SECTION_BLOCKS = 14,  /* with the text */
    REPLY_SECTION_MEMBERS = 15, /* only of a container */
};

#endif
