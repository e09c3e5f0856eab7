/* shape: what can be seen of one folded line without knowing a word of it. */
#ifndef SHAPE_H
#define SHAPE_H

#include <stddef.h>
#include <stdint.h>

#define SHAPE_DATE     1u    /* holds a whole date */
#define SHAPE_CLOCK    2u    /* holds a time of day */
#define SHAPE_PHONE    4u    /* holds a telephone number */
#define SHAPE_EMAIL    8u    /* holds an e-mail address */
#define SHAPE_URL      16u   /* holds a web address */
#define SHAPE_BULLET   32u   /* begins with a bullet */
#define SHAPE_STOP     64u   /* ends as a sentence does */
#define SHAPE_ELLIPSIS 128u  /* ends in an ellipsis */
#define SHAPE_DATED    256u  /* ends in a date, the year left out or not */
#define SHAPE_OPENED   512u  /* ends in a colon, a comma or the like: more is to come */
#define SHAPE_HAN      1024u /* holds Chinese characters */
#define SHAPE_SENTENCE 2048u /* reads like a sentence of a text */
#define SHAPE_LONG     4096u /* so long a sentence that it can hardly be anything else */

struct shape {
    uint32_t bits;
    uint32_t columns; /* a Chinese character takes two */
    uint32_t letters; /* bytes of letters of any script */
    uint32_t digits;
    uint32_t spaces;
    uint32_t stops;  /* marks that end a sentence: 。 ! ? and '.' before a space or the end */
    uint32_t commas; /* , 、 ; */
    uint32_t bars;   /* | · • / between pieces */
    uint32_t trails; /* > » › → */
    uint32_t code;   /* marks of a programming language: ; { } = ( ) < > " & */
};

/* The folded line has no line end in it. Time grows with its length only. */
void shape_of(const char *line, size_t len, struct shape *out_shape);

/* Bytes of letters in the line's part. */
uint32_t shape_letters(const char *line, size_t len);

/* Columns that the part takes. */
uint32_t shape_columns(const char *line, size_t len);

#endif
