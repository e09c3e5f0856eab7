/* text/charset_label: which charset a declared label means.
 *
 * Called by charset.c with what a web server, a <meta> or a container said. The names are those of
 * the WHATWG's Encoding Standard (section 4.2) that matter here; like it, this takes each label
 * for the superset that is meant: gb2312 for GB18030, iso-8859-1 for windows-1252.
 */
#include "text/charset_label.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

static const struct {
    const char *label;
    enum charset_id id;
} labels[] = {
    {"utf-8", CHARSET_UTF_8},
    {"utf8", CHARSET_UTF_8},
    {"gb2312", CHARSET_GB18030},
    {"gbk", CHARSET_GB18030},
    {"gb18030", CHARSET_GB18030},
    {"x-gbk", CHARSET_GB18030},
    {"gb_2312-80", CHARSET_GB18030},
    {"euc-cn", CHARSET_GB18030},
    {"cp936", CHARSET_GB18030},
    {"chinese", CHARSET_GB18030},
    {"big5", CHARSET_BIG5},
    {"big5-hkscs", CHARSET_BIG5},
    {"big-5", CHARSET_BIG5},
    {"cn-big5", CHARSET_BIG5},
    {"x-x-big5", CHARSET_BIG5},
    {"cp950", CHARSET_BIG5},
    {"shift_jis", CHARSET_SHIFT_JIS},
    {"shift-jis", CHARSET_SHIFT_JIS},
    {"sjis", CHARSET_SHIFT_JIS},
    {"x-sjis", CHARSET_SHIFT_JIS},
    {"ms_kanji", CHARSET_SHIFT_JIS},
    {"windows-31j", CHARSET_SHIFT_JIS},
    {"cp932", CHARSET_SHIFT_JIS},
    {"euc-jp", CHARSET_EUC_JP},
    {"x-euc-jp", CHARSET_EUC_JP},
    {"euc-kr", CHARSET_EUC_KR},
    {"ks_c_5601-1987", CHARSET_EUC_KR},
    {"windows-949", CHARSET_EUC_KR},
    {"uhc", CHARSET_EUC_KR},
    {"cp949", CHARSET_EUC_KR},
    {"windows-1252", CHARSET_WINDOWS_1252},
    {"iso-8859-1", CHARSET_WINDOWS_1252},
    {"latin1", CHARSET_WINDOWS_1252},
    {"us-ascii", CHARSET_WINDOWS_1252},
    {"cp1252", CHARSET_WINDOWS_1252},
    {"windows-1251", CHARSET_WINDOWS_1251},
    {"cp1251", CHARSET_WINDOWS_1251},
    {"koi8-r", CHARSET_KOI8_R},
    {"koi8", CHARSET_KOI8_R},
    {"utf-16", CHARSET_UTF_16LE},
    {"utf-16le", CHARSET_UTF_16LE},
    {"utf-16be", CHARSET_UTF_16BE},
    {"utf-32le", CHARSET_UTF_32LE},
    {"utf-32be", CHARSET_UTF_32BE},
};

enum charset_id charset_of_label(const char *label)
{
    if (label == NULL)
        return CHARSET_COUNT;
    label += strspn(label, " \t\r\n\f\"'");
    size_t len = strcspn(label, " \t\r\n\f\"';");
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        if (strlen(labels[i].label) == len && strncasecmp(labels[i].label, label, len) == 0)
            return labels[i].id;
    return CHARSET_COUNT;
}
