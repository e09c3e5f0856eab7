/* Prints docs/configuration.md from the option tables; script/check-docs compares. */
#include <stdio.h>

#include "config/settings.h"

int main(void)
{
    struct strbuf text = STRBUF_INIT;

    settings_print_markdown(&text);
    if (text.failed)
        return 1;
    fputs(strbuf_text(&text), stdout);
    strbuf_release(&text);
    return 0;
}
