"""Cities that people say they are in; a name that is none of these is not taken for a city unless one was asked for."""

import re

from yingke.kit.expression import expression

_CITIES = """
北京 上海 天津 重庆 广州 深圳 珠海 佛山 东莞 中山 惠州 汕头 江门 湛江 肇庆 茂名 揭阳 潮州 清远 杭州 宁波 温州 绍兴 嘉兴 湖州 金华 义乌 台州
丽水 衢州 舟山 南京 苏州 无锡 常州 南通 扬州 镇江 泰州 徐州 盐城 淮安 连云港 宿迁 昆山 合肥 芜湖 蚌埠 马鞍山 安庆 阜阳 黄山 福州 厦门 泉州 漳州
莆田 宁德 龙岩 三明 南平 南昌 九江 赣州 景德镇 上饶 济南 青岛 烟台 潍坊 临沂 威海 淄博 济宁 泰安 德州 日照 郑州 洛阳 开封 新乡 南阳 许昌 安阳 武汉
宜昌 襄阳 荆州 黄石 十堰 孝感 长沙 株洲 湘潭 衡阳 岳阳 常德 郴州 石家庄 唐山 保定 廊坊 邯郸 秦皇岛 沧州 张家口 太原 大同 运城 临汾 呼和浩特 包头 鄂尔多斯
沈阳 大连 鞍山 锦州 长春 吉林 哈尔滨 大庆 齐齐哈尔 成都 绵阳 德阳 宜宾 泸州 南充 乐山 贵阳 遵义 昆明 大理 丽江 曲靖 西安 咸阳 宝鸡 榆林 兰州 天水 西宁 银川
乌鲁木齐 喀什 拉萨 南宁 桂林 柳州 北海 海口 三亚 香港 澳门 台北 台中 高雄 新竹 台南 桃园 新加坡 东京 大阪 首尔 曼谷 吉隆坡 纽约 洛杉矶 伦敦 巴黎 悉尼 墨尔本 温哥华 多伦多
"""
_NAMES = "|".join(sorted(_CITIES.split(), key=len, reverse=True))
_IN_CHINESE = expression(
    rf"(?:我(?:们)?(?:人)?(?:是|在|住|住在|这边(?:是|在)?)|坐标|人在|住在|城市(?:是|在)?|位于|地区(?:是|在)?|来自|(?:^|[\s,，。])在)\s*[:：]?\s*(?:[\u4e00-\u9fff]{{2,3}}省)?({_NAMES})"
)
_BARE = re.compile(rf"^(?:在|是|我在)?\s*({_NAMES})(?:市|这边|的|人)?[。.!！~]*$")
_IN_ENGLISH = expression(
    r"\b(?:I(?:'m| am)|we(?:'re| are)|I live|based)\s+(?:in|from|based in)\s+([A-Z][a-z]+(?: [A-Z][a-z]+)?)"
)
_ANY = re.compile(r"^(?:在|是|我在)?\s*([\u4e00-\u9fff]{2,8}?|[A-Za-z][A-Za-z .'-]{1,38})(?:市|区|县|这边)?[。.!！~]*$")


def find_city(text: str, *, is_asked: bool = False) -> str | None:
    """`is_asked`: a city was asked for, so that a bare name is one, known here or not."""
    found = _IN_CHINESE.search(text) or _IN_ENGLISH.search(text)
    if found is None and is_asked:
        found = _BARE.match(text.strip()) or _ANY.match(text.strip())
    return found[1].strip() if found is not None else None
