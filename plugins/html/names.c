/* names: what the parts of class names, ids and roles speak of.
 *
 * Called by region.c for each part of a name that it takes apart ("site-nav" has two). Names are
 * hints that whoever wrote the page chose: a model weighs them, nothing is decided here. Those of
 * Chinese sites are pinyin, whole or its initials.
 */
#include "names.h"

#include <string.h>

#include <taxon/types.h>

/* In the order of strcmp(). */
static const struct {
    char part[NAME_PART_MAX];
    uint32_t name;
} parts[] = {
    /* clang-format off */
    {"about", TAXON_NAME_SUMMARY}, {"abstract", TAXON_NAME_SUMMARY},
    {"accordion", TAXON_NAME_FEATURE}, {"account", TAXON_NAME_ACCOUNT}, {"action", TAXON_NAME_TOOL},
    {"actions", TAXON_NAME_TOOL}, {"ad", TAXON_NAME_AD}, {"addthis", TAXON_NAME_SHARE},
    {"addtoany", TAXON_NAME_SHARE}, {"ads", TAXON_NAME_AD}, {"adsense", TAXON_NAME_AD},
    {"adv", TAXON_NAME_AD}, {"advert", TAXON_NAME_AD}, {"advertisement", TAXON_NAME_AD},
    {"advertising", TAXON_NAME_AD}, {"alert", TAXON_NAME_POPUP}, {"also", TAXON_NAME_RELATED},
    {"anchor", TAXON_NAME_TOC}, {"anchors", TAXON_NAME_TOC}, {"answer", TAXON_NAME_FORUM},
    {"answers", TAXON_NAME_FORUM}, {"api", TAXON_NAME_CODE}, {"archive", TAXON_NAME_LIST},
    {"art", TAXON_NAME_ARTICLE}, {"artibody", TAXON_NAME_CONTENT}, {"article", TAXON_NAME_ARTICLE},
    {"articlebody", TAXON_NAME_CONTENT}, {"articles", TAXON_NAME_ARTICLE},
    {"aside", TAXON_NAME_SIDE}, {"assistive", TAXON_NAME_HIDDEN}, {"author", TAXON_NAME_META},
    {"avatar", TAXON_NAME_META}, {"badge", TAXON_NAME_TAG}, {"banner", TAXON_NAME_AD},
    {"banquan", TAXON_NAME_FOOTER}, {"basket", TAXON_NAME_PRODUCT}, {"bbs", TAXON_NAME_FORUM},
    {"bd", TAXON_NAME_CONTENT}, {"bdshare", TAXON_NAME_SHARE}, {"benefit", TAXON_NAME_FEATURE},
    {"benefits", TAXON_NAME_FEATURE}, {"biaoti", TAXON_NAME_TITLE}, {"bio", TAXON_NAME_META},
    {"block", TAXON_NAME_WIDGET}, {"blog", TAXON_NAME_ARTICLE}, {"body", TAXON_NAME_CONTENT},
    {"bottom", TAXON_NAME_FOOTER}, {"box", TAXON_NAME_WIDGET}, {"brand", TAXON_NAME_BRAND},
    {"branding", TAXON_NAME_BRAND}, {"bread", TAXON_NAME_NAV}, {"breadcrumb", TAXON_NAME_NAV},
    {"breadcrumbs", TAXON_NAME_NAV}, {"bshare", TAXON_NAME_SHARE}, {"btn", TAXON_NAME_TOOL},
    {"button", TAXON_NAME_TOOL}, {"buttons", TAXON_NAME_TOOL}, {"buy", TAXON_NAME_PRODUCT},
    {"byline", TAXON_NAME_META}, {"caidan", TAXON_NAME_NAV}, {"caption", TAXON_NAME_MEDIA},
    {"card", TAXON_NAME_LIST}, {"cards", TAXON_NAME_LIST}, {"carousel", TAXON_NAME_MEDIA},
    {"cart", TAXON_NAME_PRODUCT}, {"categories", TAXON_NAME_META}, {"category", TAXON_NAME_META},
    {"cebian", TAXON_NAME_SIDE}, {"channel", TAXON_NAME_NAV}, {"checkout", TAXON_NAME_PRODUCT},
    {"cmt", TAXON_NAME_COMMENT}, {"code", TAXON_NAME_CODE}, {"col", TAXON_NAME_SIDE},
    {"collection", TAXON_NAME_LIST}, {"colophon", TAXON_NAME_FOOTER}, {"column", TAXON_NAME_SIDE},
    {"comment", TAXON_NAME_COMMENT}, {"comments", TAXON_NAME_COMMENT}, {"con", TAXON_NAME_CONTENT},
    {"consent", TAXON_NAME_POPUP}, {"cont", TAXON_NAME_CONTENT}, {"content", TAXON_NAME_CONTENT},
    {"contents", TAXON_NAME_CONTENT}, {"contentsbar", TAXON_NAME_TOC},
    {"context", TAXON_NAME_CONTENT}, {"control", TAXON_NAME_TOOL}, {"controls", TAXON_NAME_TOOL},
    {"cookie", TAXON_NAME_POPUP}, {"cookies", TAXON_NAME_POPUP}, {"copy", TAXON_NAME_TOOL},
    {"copyright", TAXON_NAME_FOOTER}, {"credit", TAXON_NAME_META}, {"credits", TAXON_NAME_META},
    {"crumb", TAXON_NAME_NAV}, {"crumbs", TAXON_NAME_NAV}, {"cta", TAXON_NAME_FEATURE},
    {"daodu", TAXON_NAME_SUMMARY}, {"daohang", TAXON_NAME_NAV}, {"date", TAXON_NAME_META},
    {"deck", TAXON_NAME_SUMMARY}, {"dek", TAXON_NAME_SUMMARY}, {"denglu", TAXON_NAME_ACCOUNT},
    {"desc", TAXON_NAME_SUMMARY}, {"description", TAXON_NAME_SUMMARY},
    {"detail", TAXON_NAME_CONTENT}, {"details", TAXON_NAME_CONTENT}, {"dfp", TAXON_NAME_AD},
    {"dialog", TAXON_NAME_POPUP}, {"disclaimer", TAXON_NAME_POPUP},
    {"discussion", TAXON_NAME_COMMENT}, {"disqus", TAXON_NAME_COMMENT}, {"doc", TAXON_NAME_CODE},
    {"docs", TAXON_NAME_CODE}, {"documentation", TAXON_NAME_CODE}, {"dqwz", TAXON_NAME_NAV},
    {"drawer", TAXON_NAME_POPUP}, {"dropdown", TAXON_NAME_POPUP}, {"editor", TAXON_NAME_META},
    {"email", TAXON_NAME_ACCOUNT}, {"endtext", TAXON_NAME_CONTENT}, {"entries", TAXON_NAME_ARTICLE},
    {"entry", TAXON_NAME_CONTENT}, {"excerpt", TAXON_NAME_SUMMARY}, {"facebook", TAXON_NAME_SHARE},
    {"facet", TAXON_NAME_SEARCH}, {"facets", TAXON_NAME_SEARCH}, {"faq", TAXON_NAME_FEATURE},
    {"faqs", TAXON_NAME_FEATURE}, {"feature", TAXON_NAME_FEATURE}, {"features", TAXON_NAME_FEATURE},
    {"feed", TAXON_NAME_LIST}, {"feedback", TAXON_NAME_REVIEW}, {"fenxiang", TAXON_NAME_SHARE},
    {"fenye", TAXON_NAME_PAGER}, {"figure", TAXON_NAME_MEDIA}, {"filter", TAXON_NAME_SEARCH},
    {"filters", TAXON_NAME_SEARCH}, {"fl", TAXON_NAME_SIDE}, {"floor", TAXON_NAME_FORUM},
    {"flyout", TAXON_NAME_POPUP}, {"follow", TAXON_NAME_SHARE}, {"font", TAXON_NAME_TOOL},
    {"foot", TAXON_NAME_FOOTER}, {"footer", TAXON_NAME_FOOTER}, {"forum", TAXON_NAME_FORUM},
    {"fr", TAXON_NAME_SIDE}, {"friendlink", TAXON_NAME_LINK}, {"friendlinks", TAXON_NAME_LINK},
    {"ft", TAXON_NAME_FOOTER}, {"gallery", TAXON_NAME_MEDIA}, {"gdpr", TAXON_NAME_POPUP},
    {"gg", TAXON_NAME_AD}, {"goods", TAXON_NAME_PRODUCT}, {"grid", TAXON_NAME_LIST},
    {"guanggao", TAXON_NAME_AD}, {"gutter", TAXON_NAME_SIDE}, {"hd", TAXON_NAME_HEADER},
    {"head", TAXON_NAME_HEADER}, {"header", TAXON_NAME_HEADER}, {"heading", TAXON_NAME_TITLE},
    {"headline", TAXON_NAME_TITLE}, {"headlines", TAXON_NAME_TITLE}, {"hero", TAXON_NAME_FEATURE},
    {"hidden", TAXON_NAME_HIDDEN}, {"hide", TAXON_NAME_HIDDEN}, {"highlight", TAXON_NAME_CODE},
    {"hot", TAXON_NAME_RELATED}, {"icon", TAXON_NAME_TOOL}, {"icons", TAXON_NAME_TOOL},
    {"image", TAXON_NAME_MEDIA}, {"images", TAXON_NAME_MEDIA}, {"img", TAXON_NAME_MEDIA},
    {"index", TAXON_NAME_LIST}, {"info", TAXON_NAME_META}, {"intro", TAXON_NAME_SUMMARY},
    {"introduction", TAXON_NAME_SUMMARY}, {"invisible", TAXON_NAME_HIDDEN},
    {"item", TAXON_NAME_LIST}, {"items", TAXON_NAME_LIST}, {"jiathis", TAXON_NAME_SHARE},
    {"jump", TAXON_NAME_TOC}, {"keyword", TAXON_NAME_TAG}, {"keywords", TAXON_NAME_TAG},
    {"komentarz", TAXON_NAME_COMMENT}, {"komentarze", TAXON_NAME_COMMENT},
    {"label", TAXON_NAME_TAG}, {"labels", TAXON_NAME_TAG}, {"laiyuan", TAXON_NAME_META},
    {"latest", TAXON_NAME_RELATED}, {"lead", TAXON_NAME_SUMMARY}, {"left", TAXON_NAME_SIDE},
    {"legal", TAXON_NAME_FOOTER}, {"liebiao", TAXON_NAME_LIST}, {"link", TAXON_NAME_TOOL},
    {"links", TAXON_NAME_LINK}, {"list", TAXON_NAME_LIST}, {"listing", TAXON_NAME_LIST},
    {"listings", TAXON_NAME_LIST}, {"lists", TAXON_NAME_LIST}, {"login", TAXON_NAME_ACCOUNT},
    {"logo", TAXON_NAME_BRAND}, {"lzl", TAXON_NAME_FORUM}, {"mailing", TAXON_NAME_ACCOUNT},
    {"main", TAXON_NAME_MAIN}, {"maincontent", TAXON_NAME_CONTENT}, {"markdown", TAXON_NAME_CODE},
    {"marketing", TAXON_NAME_AD}, {"masthead", TAXON_NAME_HEADER}, {"mbx", TAXON_NAME_NAV},
    {"md", TAXON_NAME_CODE}, {"media", TAXON_NAME_MEDIA}, {"member", TAXON_NAME_ACCOUNT},
    {"menu", TAXON_NAME_NAV}, {"message", TAXON_NAME_FORUM}, {"messages", TAXON_NAME_FORUM},
    {"meta", TAXON_NAME_META}, {"mod", TAXON_NAME_WIDGET}, {"modal", TAXON_NAME_POPUP},
    {"module", TAXON_NAME_WIDGET}, {"more", TAXON_NAME_RELATED}, {"nav", TAXON_NAME_NAV},
    {"navbar", TAXON_NAME_NAV}, {"navi", TAXON_NAME_NAV}, {"navigation", TAXON_NAME_NAV},
    {"navlist", TAXON_NAME_NAV}, {"neirong", TAXON_NAME_CONTENT}, {"news", TAXON_NAME_ARTICLE},
    {"newsletter", TAXON_NAME_ACCOUNT}, {"next", TAXON_NAME_RELATED},
    {"noprint", TAXON_NAME_HIDDEN}, {"notice", TAXON_NAME_POPUP}, {"offcanvas", TAXON_NAME_POPUP},
    {"offer", TAXON_NAME_PRODUCT}, {"offscreen", TAXON_NAME_HIDDEN}, {"onetrust", TAXON_NAME_POPUP},
    {"optin", TAXON_NAME_ACCOUNT}, {"option", TAXON_NAME_PRODUCT}, {"options", TAXON_NAME_PRODUCT},
    {"outbrain", TAXON_NAME_AD}, {"outline", TAXON_NAME_TOC}, {"overlay", TAXON_NAME_POPUP},
    {"overview", TAXON_NAME_SUMMARY}, {"pagebar", TAXON_NAME_PAGER}, {"pagenav", TAXON_NAME_PAGER},
    {"pager", TAXON_NAME_PAGER}, {"pages", TAXON_NAME_PAGER}, {"paginate", TAXON_NAME_PAGER},
    {"pagination", TAXON_NAME_PAGER}, {"paging", TAXON_NAME_PAGER}, {"panel", TAXON_NAME_WIDGET},
    {"partner", TAXON_NAME_LINK}, {"partners", TAXON_NAME_LINK}, {"pdp", TAXON_NAME_PRODUCT},
    {"photo", TAXON_NAME_MEDIA}, {"photos", TAXON_NAME_MEDIA}, {"pic", TAXON_NAME_MEDIA},
    {"pics", TAXON_NAME_MEDIA}, {"picture", TAXON_NAME_MEDIA}, {"pinglun", TAXON_NAME_COMMENT},
    {"player", TAXON_NAME_MEDIA}, {"plugin", TAXON_NAME_WIDGET}, {"popular", TAXON_NAME_RELATED},
    {"popup", TAXON_NAME_POPUP}, {"portlet", TAXON_NAME_WIDGET}, {"post", TAXON_NAME_ARTICLE},
    {"postbody", TAXON_NAME_FORUM}, {"posted", TAXON_NAME_META}, {"postmessage", TAXON_NAME_FORUM},
    {"prev", TAXON_NAME_PAGER}, {"previous", TAXON_NAME_PAGER}, {"price", TAXON_NAME_PRODUCT},
    {"prices", TAXON_NAME_PRODUCT}, {"pricing", TAXON_NAME_PRODUCT}, {"primary", TAXON_NAME_MAIN},
    {"print", TAXON_NAME_TOOL}, {"privacy", TAXON_NAME_POPUP}, {"product", TAXON_NAME_PRODUCT},
    {"products", TAXON_NAME_PRODUCT}, {"profile", TAXON_NAME_META}, {"promo", TAXON_NAME_AD},
    {"promoted", TAXON_NAME_AD}, {"promotion", TAXON_NAME_AD}, {"prose", TAXON_NAME_CONTENT},
    {"pub", TAXON_NAME_META}, {"pubdate", TAXON_NAME_META}, {"published", TAXON_NAME_META},
    {"pubtime", TAXON_NAME_META}, {"quantity", TAXON_NAME_PRODUCT}, {"question", TAXON_NAME_FORUM},
    {"questions", TAXON_NAME_FORUM}, {"quote", TAXON_NAME_FORUM}, {"rail", TAXON_NAME_SIDE},
    {"rank", TAXON_NAME_RELATED}, {"ranking", TAXON_NAME_RELATED}, {"rating", TAXON_NAME_REVIEW},
    {"ratings", TAXON_NAME_REVIEW}, {"read", TAXON_NAME_RELATED}, {"recent", TAXON_NAME_RELATED},
    {"recommend", TAXON_NAME_RELATED}, {"recommendation", TAXON_NAME_RELATED},
    {"recommendations", TAXON_NAME_RELATED}, {"recommended", TAXON_NAME_RELATED},
    {"recommends", TAXON_NAME_RELATED}, {"refine", TAXON_NAME_SEARCH},
    {"register", TAXON_NAME_ACCOUNT}, {"relate", TAXON_NAME_RELATED},
    {"related", TAXON_NAME_RELATED}, {"replies", TAXON_NAME_COMMENT}, {"reply", TAXON_NAME_COMMENT},
    {"respond", TAXON_NAME_COMMENT}, {"result", TAXON_NAME_LIST}, {"results", TAXON_NAME_LIST},
    {"review", TAXON_NAME_REVIEW}, {"reviews", TAXON_NAME_REVIEW}, {"richtext", TAXON_NAME_CONTENT},
    {"right", TAXON_NAME_SIDE}, {"row", TAXON_NAME_LIST}, {"rows", TAXON_NAME_LIST},
    {"rss", TAXON_NAME_TOOL}, {"score", TAXON_NAME_REVIEW}, {"screen", TAXON_NAME_HIDDEN},
    {"search", TAXON_NAME_SEARCH}, {"secondary", TAXON_NAME_SIDE}, {"share", TAXON_NAME_SHARE},
    {"shares", TAXON_NAME_SHARE}, {"sharing", TAXON_NAME_SHARE}, {"shipping", TAXON_NAME_PRODUCT},
    {"shop", TAXON_NAME_PRODUCT}, {"side", TAXON_NAME_SIDE}, {"sidebar", TAXON_NAME_SIDE},
    {"sidenav", TAXON_NAME_NAV}, {"signature", TAXON_NAME_FORUM}, {"signin", TAXON_NAME_ACCOUNT},
    {"signup", TAXON_NAME_ACCOUNT}, {"similar", TAXON_NAME_RELATED}, {"site", TAXON_NAME_BRAND},
    {"sitemap", TAXON_NAME_NAV}, {"skip", TAXON_NAME_HIDDEN}, {"sku", TAXON_NAME_PRODUCT},
    {"slide", TAXON_NAME_MEDIA}, {"slider", TAXON_NAME_MEDIA}, {"slideshow", TAXON_NAME_MEDIA},
    {"sns", TAXON_NAME_SHARE}, {"social", TAXON_NAME_SHARE}, {"sort", TAXON_NAME_SEARCH},
    {"sorting", TAXON_NAME_SEARCH}, {"source", TAXON_NAME_META}, {"sousuo", TAXON_NAME_SEARCH},
    {"spec", TAXON_NAME_FEATURE}, {"specification", TAXON_NAME_FEATURE},
    {"specifications", TAXON_NAME_FEATURE}, {"specs", TAXON_NAME_FEATURE},
    {"sphinx", TAXON_NAME_CODE}, {"sponsor", TAXON_NAME_AD}, {"sponsored", TAXON_NAME_AD},
    {"sr", TAXON_NAME_HIDDEN}, {"standfirst", TAXON_NAME_SUMMARY}, {"stars", TAXON_NAME_REVIEW},
    {"stock", TAXON_NAME_PRODUCT}, {"store", TAXON_NAME_PRODUCT}, {"story", TAXON_NAME_ARTICLE},
    {"stream", TAXON_NAME_LIST}, {"subheading", TAXON_NAME_TITLE}, {"submenu", TAXON_NAME_NAV},
    {"subnav", TAXON_NAME_NAV}, {"subscribe", TAXON_NAME_ACCOUNT},
    {"subscription", TAXON_NAME_ACCOUNT}, {"subtitle", TAXON_NAME_TITLE},
    {"suggest", TAXON_NAME_RELATED}, {"suggested", TAXON_NAME_RELATED},
    {"summary", TAXON_NAME_SUMMARY}, {"swiper", TAXON_NAME_MEDIA}, {"syntax", TAXON_NAME_CODE},
    {"tab", TAXON_NAME_NAV}, {"taboola", TAXON_NAME_AD}, {"tabs", TAXON_NAME_NAV},
    {"tag", TAXON_NAME_TAG}, {"tags", TAXON_NAME_TAG}, {"teaser", TAXON_NAME_SUMMARY},
    {"testimonial", TAXON_NAME_REVIEW}, {"testimonials", TAXON_NAME_REVIEW},
    {"text", TAXON_NAME_CONTENT}, {"thread", TAXON_NAME_FORUM}, {"threads", TAXON_NAME_FORUM},
    {"thumb", TAXON_NAME_MEDIA}, {"thumbnail", TAXON_NAME_MEDIA}, {"tiezi", TAXON_NAME_FORUM},
    {"tile", TAXON_NAME_LIST}, {"tiles", TAXON_NAME_LIST}, {"time", TAXON_NAME_META},
    {"timestamp", TAXON_NAME_META}, {"tit", TAXON_NAME_TITLE}, {"title", TAXON_NAME_TITLE},
    {"toast", TAXON_NAME_POPUP}, {"toc", TAXON_NAME_TOC}, {"tool", TAXON_NAME_TOOL},
    {"toolbar", TAXON_NAME_TOOL}, {"toolbox", TAXON_NAME_TOOL}, {"tools", TAXON_NAME_TOOL},
    {"tooltip", TAXON_NAME_POPUP}, {"top", TAXON_NAME_HEADER}, {"topbar", TAXON_NAME_HEADER},
    {"topic", TAXON_NAME_FORUM}, {"topics", TAXON_NAME_TAG}, {"topnav", TAXON_NAME_NAV},
    {"trending", TAXON_NAME_RELATED}, {"tuijian", TAXON_NAME_RELATED},
    {"twitter", TAXON_NAME_SHARE}, {"txt", TAXON_NAME_CONTENT}, {"ubb", TAXON_NAME_FORUM},
    {"userinfo", TAXON_NAME_META}, {"usertext", TAXON_NAME_FORUM}, {"variant", TAXON_NAME_PRODUCT},
    {"variants", TAXON_NAME_PRODUCT}, {"video", TAXON_NAME_MEDIA}, {"visually", TAXON_NAME_HIDDEN},
    {"vote", TAXON_NAME_TOOL}, {"votes", TAXON_NAME_TOOL}, {"voting", TAXON_NAME_TOOL},
    {"weibo", TAXON_NAME_SHARE}, {"weizhi", TAXON_NAME_NAV}, {"wenzhang", TAXON_NAME_ARTICLE},
    {"widget", TAXON_NAME_WIDGET}, {"wysiwyg", TAXON_NAME_CONTENT}, {"wz", TAXON_NAME_ARTICLE},
    {"xgxw", TAXON_NAME_RELATED}, {"xiangguan", TAXON_NAME_RELATED}, {"yejiao", TAXON_NAME_FOOTER},
    {"youlian", TAXON_NAME_LINK}, {"yqlj", TAXON_NAME_LINK}, {"zhaiyao", TAXON_NAME_SUMMARY},
    {"zhengwen", TAXON_NAME_CONTENT}, {"zw", TAXON_NAME_CONTENT},
    /* clang-format on */
};

uint32_t name_of_part(const char *part, size_t len)
{
    size_t low = 0;
    size_t high = sizeof(parts) / sizeof(parts[0]);

    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strncmp(part, parts[middle].part, len);

        if (order == 0 && parts[middle].part[len] == '\0') {
            return parts[middle].name;
        }
        if (order <= 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return 0;
}
