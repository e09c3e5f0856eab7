/* element: the elements of HTML that the reader tells apart, and what is always true of each.
 *
 * The rest of the plugin knows elements by these names only; tree.c has the parser's own.
 */
#ifndef HTML_ELEMENT_H
#define HTML_ELEMENT_H

#include <stdint.h>

#define TRAIT_BLOCK 1u /* begins and ends a line of the text */
#define TRAIT_SKIP  2u /* what is in it is not shown as text */
#define TRAIT_SPARE 4u /* shown only where scripts or frames are not: kept if nothing else is */
#define TRAIT_INPUT 8u /* a person fills it in or presses it */

/* X(NAME, name, traits). A name that is missing here is an inline element without a meaning. */
#define ELEMENT_LIST(X)                                                                            \
    X(A, "a", 0)                                                                                   \
    X(ADDRESS, "address", TRAIT_BLOCK)                                                             \
    X(APPLET, "applet", TRAIT_SKIP)                                                                \
    X(ARTICLE, "article", TRAIT_BLOCK)                                                             \
    X(ASIDE, "aside", TRAIT_BLOCK)                                                                 \
    X(AUDIO, "audio", TRAIT_SKIP)                                                                  \
    X(B, "b", 0)                                                                                   \
    X(BLOCKQUOTE, "blockquote", TRAIT_BLOCK)                                                       \
    X(BODY, "body", TRAIT_BLOCK)                                                                   \
    X(BR, "br", 0)                                                                                 \
    X(BUTTON, "button", TRAIT_INPUT)                                                               \
    X(CANVAS, "canvas", TRAIT_SKIP)                                                                \
    X(CAPTION, "caption", TRAIT_BLOCK)                                                             \
    X(CENTER, "center", TRAIT_BLOCK)                                                               \
    X(DATALIST, "datalist", TRAIT_SKIP)                                                            \
    X(DD, "dd", TRAIT_BLOCK)                                                                       \
    X(DETAILS, "details", TRAIT_BLOCK)                                                             \
    X(DIALOG, "dialog", TRAIT_BLOCK)                                                               \
    X(DIR, "dir", TRAIT_BLOCK)                                                                     \
    X(DIV, "div", TRAIT_BLOCK)                                                                     \
    X(DL, "dl", TRAIT_BLOCK)                                                                       \
    X(DT, "dt", TRAIT_BLOCK)                                                                       \
    X(FIELDSET, "fieldset", TRAIT_BLOCK)                                                           \
    X(FIGCAPTION, "figcaption", TRAIT_BLOCK)                                                       \
    X(FIGURE, "figure", TRAIT_BLOCK)                                                               \
    X(FOOTER, "footer", TRAIT_BLOCK)                                                               \
    X(FORM, "form", TRAIT_BLOCK)                                                                   \
    X(H1, "h1", TRAIT_BLOCK)                                                                       \
    X(H2, "h2", TRAIT_BLOCK)                                                                       \
    X(H3, "h3", TRAIT_BLOCK)                                                                       \
    X(H4, "h4", TRAIT_BLOCK)                                                                       \
    X(H5, "h5", TRAIT_BLOCK)                                                                       \
    X(H6, "h6", TRAIT_BLOCK)                                                                       \
    X(HEAD, "head", 0)                                                                             \
    X(HEADER, "header", TRAIT_BLOCK)                                                               \
    X(HGROUP, "hgroup", TRAIT_BLOCK)                                                               \
    X(HR, "hr", TRAIT_BLOCK)                                                                       \
    X(HTML, "html", TRAIT_BLOCK)                                                                   \
    X(IFRAME, "iframe", TRAIT_SKIP)                                                                \
    X(INPUT, "input", TRAIT_INPUT)                                                                 \
    X(LEGEND, "legend", TRAIT_BLOCK)                                                               \
    X(LI, "li", TRAIT_BLOCK)                                                                       \
    X(LINK, "link", 0)                                                                             \
    X(LISTING, "listing", TRAIT_BLOCK)                                                             \
    X(MAIN, "main", TRAIT_BLOCK)                                                                   \
    X(MENU, "menu", TRAIT_BLOCK)                                                                   \
    X(META, "meta", 0)                                                                             \
    X(NAV, "nav", TRAIT_BLOCK)                                                                     \
    X(NOEMBED, "noembed", TRAIT_SKIP)                                                              \
    X(NOFRAMES, "noframes", TRAIT_SPARE)                                                           \
    X(NOSCRIPT, "noscript", TRAIT_SPARE)                                                           \
    X(OL, "ol", TRAIT_BLOCK)                                                                       \
    X(OPTGROUP, "optgroup", TRAIT_BLOCK)                                                           \
    X(OPTION, "option", TRAIT_BLOCK)                                                               \
    X(P, "p", TRAIT_BLOCK)                                                                         \
    X(PLAINTEXT, "plaintext", TRAIT_BLOCK)                                                         \
    X(PRE, "pre", TRAIT_BLOCK)                                                                     \
    X(RP, "rp", TRAIT_SKIP)                                                                        \
    X(RT, "rt", TRAIT_SKIP)                                                                        \
    X(RTC, "rtc", TRAIT_SKIP)                                                                      \
    X(SCRIPT, "script", TRAIT_SKIP)                                                                \
    X(SECTION, "section", TRAIT_BLOCK)                                                             \
    X(SELECT, "select", TRAIT_BLOCK | TRAIT_INPUT)                                                 \
    X(STRONG, "strong", 0)                                                                         \
    X(STYLE, "style", TRAIT_SKIP)                                                                  \
    X(SUMMARY, "summary", TRAIT_BLOCK)                                                             \
    X(SVG, "svg", TRAIT_SKIP)                                                                      \
    X(TABLE, "table", TRAIT_BLOCK)                                                                 \
    X(TBODY, "tbody", TRAIT_BLOCK)                                                                 \
    X(TD, "td", TRAIT_BLOCK)                                                                       \
    X(TEMPLATE, "template", TRAIT_SKIP)                                                            \
    X(TEXTAREA, "textarea", TRAIT_SKIP | TRAIT_INPUT)                                              \
    X(TFOOT, "tfoot", TRAIT_BLOCK)                                                                 \
    X(TH, "th", TRAIT_BLOCK)                                                                       \
    X(THEAD, "thead", TRAIT_BLOCK)                                                                 \
    X(TIME, "time", 0)                                                                             \
    X(TITLE, "title", TRAIT_SKIP)                                                                  \
    X(TR, "tr", TRAIT_BLOCK)                                                                       \
    X(UL, "ul", TRAIT_BLOCK)                                                                       \
    X(VIDEO, "video", TRAIT_SKIP)                                                                  \
    X(XMP, "xmp", TRAIT_BLOCK)

#define ELEMENT_ENUM(name, text, traits) ELEMENT_##name,

enum element {
    ELEMENT_UNKNOWN,
    ELEMENT_LIST(ELEMENT_ENUM) ELEMENT_COUNT,
    ELEMENT_TEXT = ELEMENT_COUNT, /* not an element: a piece of text */
    ELEMENT_NOTHING,              /* a comment, a doctype */
};

/* TRAIT_… flags, by enum element; the name, "" for an unknown one. */
uint32_t element_traits(enum element element);
const char *element_name(enum element element);

#endif
