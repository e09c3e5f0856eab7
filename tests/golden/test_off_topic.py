"""Texts on everyday things carry none of the topics that their words may look like.

All were written for this project; the people, shops and towns in them do not exist. Each holds a word
or two that a careless lexicon falls for. The topic named with it is to be found, '' for none at all.
"""
import json
import unittest

from harness import DaemonTest

NEVER = {"ecology", "industry", "innovation", "governance", "agriculture"}

TEXTS = [
    ("lifestyle", """番茄牛腩的家常做法
食材:牛腩一斤,番茄三个,洋葱半个,姜片、料酒、酱油、食盐适量。
牛腩切块焯水,捞出沥干。锅里放油,小火把番茄翻炒出汁,放入牛腩和姜片,加热水没过食材,炖一个半小时。
出锅前放盐调味,撒一点葱花。这道菜汤汁浓,拌米饭特别好吃。绿色的葱花最后放,颜色才好看。"""),
    ("lifestyle", """养猫第一年,我踩过的坑
家里的橘猫豆包今年两岁了。刚接回来那会儿我什么都不懂,猫砂换了四个牌子,猫粮也挑来挑去。
后来在宠物医院认识了陆医生,她说小猫的肠胃弱,换粮要慢慢来。现在豆包每天晚上趴在沙发上陪我看剧,
阳台的盆栽也被它啃秃了两盆。养猫就像养孩子,环境变了它会害怕,多陪陪它就好。"""),
    ("entertainment", """《雾港来信》影评:慢,但值得等
这部电影的节奏很慢,前半小时几乎没有台词。导演穆岚把镜头对准一间旧照相馆,男主角每天擦同一台相机。
女主角出现以后,剧情才真正开始。两位演员的表演很克制,最后一场雨中的戏,全场没有人说话。
配乐只有一段钢琴,反复出现。影片的政治生态隐喻不算新鲜,好在编剧没有说破。上映一周票房不高,但我会去看第二遍。"""),
    ("sport", """三比二!青榆队逆转晋级半决赛
昨晚的排球联赛四分之一决赛,青榆队主场迎战白石队。前两局客队拦网出色,以二比零领先。
第三局起,主教练换上两名替补,扣球成功率明显提高,球队连扳三局。队长顾湘独得二十六分。
赛后她说,训练里大家一直在练一传,比赛里终于用上了。半决赛将在周六进行。"""),
    ("lifestyle", """新手化妆:十分钟出门妆
先把护肤做好,面霜吸收以后再上妆前乳。粉底取黄豆大小,用海绵点开。口红选豆沙色,显气色又不挑人。
眉毛顺着长势画,不要一笔到底。皮肤干的人少扑散粉。整套彩妆不到两百块,学生也买得起。
最后喷一点香水,搭配米色的连衣裙就可以出门了。"""),
    ("entertainment", """这款手游值得玩吗?
《星砂远征》公测一周,我玩到了四十级。玩家最关心的抽卡,概率写得很清楚,不氪金也能过主线。
副本有三种难度,组队的时候要配合。角色扮演的部分对话有点多,可以跳过。
画面对手机要求不高。总的说,喜欢慢慢养角色的玩家可以试试,喜欢电竞那种对抗的就算了。"""),
    ("religion", """周日礼拜的安排
本周日上午九点,教堂照常举行礼拜,由季牧师讲解圣经中的浪子故事。唱诗班请提前半小时到。
下午两点有为新信徒预备的祈祷会,内容是怎样读经。愿上帝赐福各位的家庭。请大家安静入座,手机静音。"""),
    ("", """寻人同行
周六早上七点在老槐树下集合,一起去看望何奶奶。带上前几天说好的毯子和一盒点心就行,别的不用带。
路上要走四十分钟,鞋子穿得舒服一点。下雨就改到下周。有事打我电话,我一整天都在家。"""),
    ("lifestyle", """Lemon drizzle cake
Ingredients: butter, flour, three eggs, two lemons, a cup of sugar, a teaspoon of baking powder.
Heat the oven. Beat the butter and sugar until pale, add the eggs one at a time, then fold in the
flour. Bake for forty minutes. While the cake is warm, pour the lemon juice over it. It keeps for
three days, if the children let it. Serve with tea. This is the recipe my aunt brought back from her
years in the hospitality industry."""),
    ("entertainment", """Album review: Paper Lanterns by The Low Tide Choir
The band's second album opens with a guitar so quiet that you check the volume. Then the singer comes
in, and by the chorus the drums have found their feet. The songs are about leaving small towns. Track
four is the best thing they have recorded, the lyrics plain and the harmonies close. On stage at last
month's concert they played it twice. The political climate gets one verse, and it is the weakest."""),
    ("sport", """Late goal sends Marlow Vale through
Striker Tam Okely scored in the last minute as Marlow Vale beat Ferring Rovers 2-1 in the cup on
Saturday. The goalkeeper had kept the visitors in the match with three saves before half-time. Coach
Ines Dorn said her players had earned it. Vale meet the league champions in the quarterfinal. It was
a poor environment for football, she added: wind, and a pitch like a ploughed field."""),
    ("lifestyle", """How we chose a sofa
We sat on eleven sofas in four shops. My husband wanted leather; I wanted something the dog could
sleep on. In the end we took a grey one for the living room, with cushions that come off to be washed.
Measure your doors before you buy furniture: ours did not fit through the kitchen. The old couch went
to my sister. We still argue about the curtains."""),
    ("religion", """Notes on the second reading
The pastor began with the gospel of the lost coin. Jesus, she said, does not count what is safe in the
purse. In prayer we are both the woman and the coin. The sermon ended with a hymn that the church has
sung since its first Easter, and the congregation stayed for coffee. Next week: what the Bible says
about debt."""),
    ("", """Lost and found
A small brown umbrella was left by the door on Tuesday. It has a wooden handle with the letter M cut
into it. If it is yours, come round after four and say what colour the lining is. The blue scarf from
last month is still here, too, and nobody has asked for it. It is in the nature of things."""),
]


class OffTopic(DaemonTest):
    def test_they_carry_none_of_what_they_are_not_about(self):
        daemon = self.daemon()
        paths = []
        for number, (_, text) in enumerate(TEXTS):
            paths.append(self.root / f"{number:02}.txt")
            paths[-1].write_text(text, encoding="utf-8")
        self.assertGreaterEqual(len(paths), 12)
        records = {record["name"]: record for record in
                   map(json.loads, daemon.taxon("classify", "--json", *paths).stdout.splitlines())}
        for path, (topic, text) in zip(paths, TEXTS):
            with self.subTest(text.split("\n")[0]):
                self.check(records[path.name], topic)

    def check(self, record, topic):
        roots = {label["id"].split("/")[0] for label in record["labels"]
                 if label["scheme"] == "topic"}
        self.assertFalse(roots & NEVER, roots)
        if topic:
            self.assertIn(topic, roots)
        else:
            self.assertEqual(roots, set())


if __name__ == "__main__":
    unittest.main(verbosity=2)
