/* audit/check: the catalog held against the disk, and the disk against the catalog. */
#ifndef AUDIT_CHECK_H
#define AUDIT_CHECK_H

#include <stdbool.h>
#include <stdint.h>

#include "audit/finding.h"
#include "catalog/catalog.h"
#include "config/settings.h"

struct check {
    /* in */
    const struct settings *settings;
    struct catalog *catalog; /* read-only unless `repair` */
    bool quick;              /* sizes and existence; contents are not read */
    bool repair;             /* the caller holds the lock on the state folder */
    bool running;            /* a taxond works beside: what is in hand changes meanwhile */
    void (*found)(void *context, const struct finding *finding);
    void (*progress)(void *context, const char *what, uint64_t done); /* may be NULL */
    void *context;
    /* out */
    uint64_t rows;
    uint64_t files;   /* documents in archives and quarantine */
    uint64_t in_hand; /* rows that are not finished: no finding */
    uint64_t left;    /* quarantined documents that somebody has taken out: no finding */
    uint64_t findings;
    uint64_t repaired;
};

/* 0 when it came to its end, whatever it found. Memory does not grow with the catalog or the
 * archive. */
int check_catalog(struct check *check, struct err *err) MUST_CHECK;

#endif
