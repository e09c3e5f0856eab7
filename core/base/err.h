/* base/err: why something failed, in words for the person who has to act.
 *
 * A function that can fail for reasons a person must mend takes a last `struct err *err` and
 * writes it once, where the failure happened; callers may put context in front. The result code
 * stays the programs' own; the text is for people. NULL is allowed: the text is then dropped.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#define ERR_TEXT_MAX 1024

struct err {
    char text[ERR_TEXT_MAX]; /* one line, no newline; "" when nothing was written */
};

#define MUST_CHECK __attribute__((warn_unused_result))

/* Writes the text and returns `code` (negative errno), so that `return err_set(err, -EIO, …)` reads
 * as one thing. Control characters and newlines in the result become '?'. */
int err_set(struct err *err, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Puts `format` and ": " in front of what stands there. Returns `code`. */
int err_prefix(struct err *err, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#ifdef __clang_analyzer__
/* What both return, said so that static analysis sees it across files: the code. */
#define err_set(err, code, ...)                                                                    \
    ({                                                                                             \
        int err_code_ = (code);                                                                    \
        (void)(err_set)((err), err_code_, __VA_ARGS__);                                            \
        err_code_;                                                                                 \
    })
#define err_prefix(err, code, ...)                                                                 \
    ({                                                                                             \
        int err_code_ = (code);                                                                    \
        (void)(err_prefix)((err), err_code_, __VA_ARGS__);                                         \
        err_code_;                                                                                 \
    })
#endif

#endif
