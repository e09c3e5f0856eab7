/* Tests of the html reader: the text, and which blocks it has. */
#include "html_page.h"

/* More than next to nothing. */
#define LONG                                                                                                                         \
    "这一段文字说的是修路的事情，村里的人都出来看，施工队一天能铺三百米，到月底就能通车，" \
    "以后去镇上只要一刻钟，孩子们上学也方便多了，大家都说这是一件好事。"

START_TEST(each_block_is_a_line)
{
    struct fake *fake = html_read_page("<h1>甲</h1><p>乙 <b>丙</b>\n丁<br>戊<div>己</div>庚</p>");

    ck_assert_str_eq(fake->text, "甲\n乙 丙 丁\n戊\n己\n庚");
    ck_assert_uint_eq(fake->block_count, 5);
    for (size_t i = 0; i < fake->block_count; i++) {
        ck_assert(fake->blocks[i].begin == 0 || fake->text[fake->blocks[i].begin - 1] == '\n');
        ck_assert(fake->text[fake->blocks[i].end] == (i == 4 ? '\0' : '\n'));
    }
}
END_TEST

START_TEST(white_space_is_collapsed)
{
    ck_blocks("<p>  a \n\t b<span> </span> c  </p>", "P[a b c] ");
    ck_blocks("<p>　　各位代表：<br>　　现在报告工作。&nbsp;</p>",
              "P[各位代表：] P[现在报告工作。] ");
    ck_blocks("<p>于&nbsp;&nbsp;&nbsp;年　　月</p>",
              "P[于\xC2\xA0\xC2\xA0\xC2\xA0年　　月] "); /* blanks */
    ck_blocks("<p>&nbsp;　</p><p>\u200b</p><p>x</p>", "P[x] ");
    ck_blocks("<p>a\x01\x7f"
              "b\xC2\x85"
              "c&#0;</p>",
              "P[abc\ufffd] ");
}
END_TEST

START_TEST(entities_are_decoded)
{
    ck_blocks("<p>&lt;b&gt; &amp;amp; &eacute; &#20013;&#x6587; &unknown; &nGt;",
              "P[<b> &amp; é 中文 &unknown; \u226b\u20d2] ");
}
END_TEST

START_TEST(what_is_not_shown_is_not_text)
{
    ck_blocks(
        "<style>x{}</style><script>var a='<p>b</p>';</script><template><p>t</p></template>"
        "<svg><text>s</text></svg><!-- c --><p hidden>h</p><div style='color:red;DISPLAY:none'>"
        "k</div><div style='display : none'>m</div><textarea>n</textarea><iframe>f</iframe>"
        "<video>v</video><p>shown</p>",
        "P[shown] ");
    ck_blocks("<ruby>汉<rp>(</rp><rt>hàn</rt><rp>)</rp></ruby>字", "P[汉字] ");
    ck_blocks("<body style='display:none'><p>until a script has run</p>",
              "P[until a script has run] ");
}
END_TEST

START_TEST(noscript_is_kept_when_nothing_else_is_there)
{
    ck_blocks("<div id=app></div><noscript>Please switch on scripts.</noscript>",
              "P[Please switch on scripts.] ");
    ck_blocks("<p>" LONG "</p><noscript>No scripts.</noscript>", "P[" LONG "] ");
    ck_blocks("<p hidden>All of it comes by a script.</p>", "P[All of it comes by a script.] ");
}
END_TEST

START_TEST(kinds_come_from_elements)
{
    ck_blocks("<h2>a</h2><blockquote>b<p>c</p><footer>d</footer></blockquote>"
              "<figure><figcaption>e</figcaption></figure><h6>f</h6>",
              "H2[a] Q[b] Q[c] Q[d] I[e] H6[f] ");
    ck_blocks("<ul><li>a<ol><li>b<li>c</ol><li><p>d</p></ul><dl><dt>e<dd>f</dl>",
              "L1[a] L2[b] L2[c] L1[d] L1[e] L1[f] ");
    ck_blocks("<p>x</p><pre>\na\n  b\tc\n\nd\n</pre><p>y</p>", "P[x] C[a\n  b\tc\n\nd] P[y] ");
}
END_TEST

START_TEST(containers_set_the_kind)
{
    ck_blocks(
        "<header><h1>名</h1><p>a</p></header><nav><a>b</a></nav><main><header><p>c</p></header>"
        "<p>d</p></main><aside>e</aside><footer><h3>f</h3></footer>",
        "H1[名] E[a] N[b] P[c] P[d] A[e] O[f] ");
    ck_blocks("<div class='pos mbx'>a</div><div id=topNav>b</div><div class=site-footer>c</div>"
              "<div role=navigation>d</div><div class=面包屑>e</div><ul class=sideBar><li>f</ul>",
              "N[a] N[b] O[c] N[d] N[e] A[f] ");
    ck_blocks("<div class='content-with-sidebar'>a</div><div class=navy>b</div><p class=menuet>c",
              "P[a] P[b] P[c] ");
}
END_TEST

START_TEST(a_container_that_holds_the_article_is_not_believed)
{
    ck_blocks("<div class=footer><p>" LONG LONG LONG LONG "</p></div>",
              "P[" LONG LONG LONG LONG "] ");
    ck_blocks("<div class=menu><p>" LONG LONG LONG LONG "</p></div>",
              "P[" LONG LONG LONG LONG "] ");
}
END_TEST

START_TEST(a_form_around_the_page_is_no_form)
{
    ck_blocks("<form action=a.aspx><input type=hidden name=__STATE value=x><h1>通知</h1><p>" LONG
              "</p><div><input name=q><button>搜索</button></div></form>",
              "H1[通知] P[" LONG "] P[搜索] ");
    ck_blocks("<p>" LONG LONG "</p><form><label>姓名</label><input name=n><p>电话</p></form>",
              "P[" LONG LONG "] F[姓名] F[电话] ");
    ck_blocks("<form><p>nothing to fill in</p></form>", "P[nothing to fill in] ");
    ck_blocks("<select><option>甲省<option>乙省</select>", "F[甲省\t乙省] ");
}
END_TEST

START_TEST(a_row_of_data_is_one_line)
{
    ck_blocks(
        "<table><caption>表一</caption><tr><th>名称<th>数量<tr><td><p>煤</p><td>12<br>吨</table>",
        "I[表一] T[名称\t数量] T[煤\t12 吨] ");
    ck_blocks("<table><tr><td>a<td><td>b</table>", "T[a\t\tb] ");
}
END_TEST

START_TEST(a_table_that_lays_out_a_page_is_taken_apart)
{
    ck_blocks("<table><tr><td width=200><table><tr><td>左一</table><td><font size=5>题目</font><br>"
              "　　第一段。<br><br>　　第二段。<table><tr><td>甲<td>乙</table></table>",
              "P[左一] P[题目] P[第一段。] P[第二段。] T[甲\t乙] ");
    ck_blocks("<table><tr><td>只有一格</table>", "P[只有一格] ");
}
END_TEST

START_TEST(links_are_counted)
{
    struct fake *fake = html_read_page("<p>ab <a>链接</a> c</p><p><a>x</a><a>y</a></p>");

    ck_assert_uint_eq(fake->block_count, 2);
    ck_assert_uint_ge(fake->blocks[0].link_bytes, 6);
    ck_assert_uint_le(fake->blocks[0].link_bytes, 8); /* with the white space before it */
    ck_assert_str_eq(fake->text + fake->blocks[1].begin, "x y");
    ck_assert_uint_eq(fake->blocks[1].link_bytes, 3);
    ck_blocks("<p><b>1</b><a>2</a> 注<a>三</a><b>四</b></p>", "P[1 2 注三四] ");
}
END_TEST

START_TEST(the_same_path_has_the_same_hash)
{
    struct fake *fake =
        html_read_page("<div class='post-12 odd'><p>a</p><p><b>b</b></p></div><div class=post-7>"
                       "<p>c</p></div><div class=ad><p>d</p></div><div><h2>e</h2></div>");

    ck_assert_uint_eq(fake->block_count, 5);
    ck_assert_uint_eq(fake->blocks[0].tag_path_hash, fake->blocks[1].tag_path_hash);
    ck_assert_uint_eq(fake->blocks[0].tag_path_hash, fake->blocks[2].tag_path_hash);
    ck_assert_uint_ne(fake->blocks[0].tag_path_hash, fake->blocks[3].tag_path_hash);
    ck_assert_uint_ne(fake->blocks[3].tag_path_hash, fake->blocks[4].tag_path_hash);
    ck_assert_uint_gt(fake->blocks[0].depth, fake->blocks[4].depth - 1);
    /* A record may be compared with one of last year's: the value itself is a promise. */
    fake = html_read_page("<p>a");
    ck_assert_uint_eq(fake->blocks[0].tag_path_hash, UINT64_C(0xb415d2a19285eae4));
}
END_TEST

/* What stands around a block, for those who rebuild the page from it. */
START_TEST(blocks_say_what_is_around_them)
{
    struct fake *fake = html_read_page(
        "<body class=sidebar><div class='post-content'><p>a<br>b</p><p><b>c</b></p></div>"
        "<div id=relatedBox><ul><li>d</li></ul><select><option>e</select></div>");
    const struct taxon_block *blocks = fake->blocks;

    ck_assert_uint_eq(fake->block_count, 5);
    ck_assert_uint_eq(blocks[0].joint_depth, 0);
    ck_assert_uint_eq(blocks[1].joint_depth, blocks[1].depth); /* in one paragraph */
    ck_assert_uint_eq(blocks[2].joint_depth, blocks[2].depth - 1);
    ck_assert_uint_lt(blocks[3].joint_depth, blocks[2].joint_depth);
    ck_assert_uint_eq(blocks[0].elements, TAXON_IN_PARAGRAPH);
    ck_assert_uint_eq(blocks[1].elements, TAXON_IN_PARAGRAPH | TAXON_IN_BREAK);
    ck_assert_uint_eq(blocks[2].elements, TAXON_IN_PARAGRAPH | TAXON_IN_EMPHASIS);
    ck_assert_uint_eq(blocks[3].elements, TAXON_IN_LIST);
    ck_assert_uint_eq(blocks[4].elements, TAXON_IN_CHOICES);
    ck_assert_uint_eq(blocks[0].names, TAXON_NAME_ARTICLE | TAXON_NAME_CONTENT);
    ck_assert_uint_eq(blocks[3].near_names, TAXON_NAME_RELATED | TAXON_NAME_WIDGET);
}
END_TEST

START_TEST(broken_markup_is_read)
{
    ck_blocks("<p>a<b>b<i>c</b>d</i><p>e</span></div><li>f<td>g</html>h", "P[abcd] P[e] L1[fgh] ");
    ck_blocks("text only", "P[text only] ");
    ck_blocks("<", "P[<] ");
    ck_blocks("<p", "");
    ck_blocks("", "");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        each_block_is_a_line,
        white_space_is_collapsed,
        entities_are_decoded,
        what_is_not_shown_is_not_text,
        noscript_is_kept_when_nothing_else_is_there,
        kinds_come_from_elements,
        containers_set_the_kind,
        a_container_that_holds_the_article_is_not_believed,
        a_form_around_the_page_is_no_form,
        a_row_of_data_is_one_line,
        a_table_that_lays_out_a_page_is_taken_apart,
        links_are_counted,
        the_same_path_has_the_same_hash,
        blocks_say_what_is_around_them,
        broken_markup_is_read,
    };

    return SUITE_RUN("kit/html_blocks", tests);
}
