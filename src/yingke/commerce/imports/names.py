"""How exports name their columns, in Chinese and English: 千牛, 京东, 拼多多, 抖店, 有赞, Shopify, WooCommerce, ERPs."""

import re

from yingke.commerce.imports.mapping import Meaning

# Most telling first; a column takes the first meaning that it fits, a meaning the first column.
NAMES: dict[Meaning, tuple[str, ...]] = {
    "number": (
        r"^(?:平台|线上|网店|原始|主|店铺|商城|外部|电商|来源)?(?:交易|销售)?(?:订单|子?交易)(?:编号|号码?|id|no\.?|流水号)$",
        r"^(?:线上单号|原始单号|平台单号|主订单编?号|来源单号|交易号|单号)$",
        r"^order[\s_.-]*(?:number|no\.?|id|name|sn|key|code)?$", r"^(?:id|name|number)$", r"^(?:内部订单号|系统单号|erp单号)$",
    ),
    "line_id": (r"^子订单(?:编号|号|id)$|^(?:订单)?明细(?:编号|id)$", r"^line[\s_]?items?[\s_.]*id$|^sub[\s_-]?order[\s_-]?(?:id|no)$"),
    "tracking": (
        r"^(?:物流|快递|运单|发货)(?:单号|运单号|编号|号码?)$|^运单号码?$|^快递(?:单|编)号$|^物流单号.*$", r"^(?:tracking|waybill)[\s_.-]*(?:number|no\.?|id|code|numbers)?$",
        r"^(?:express|shipment|mail)[\s_]?(?:no|number|id)\.?$",
    ),
    "carrier": (
        r"^(?:物流|快递|承运|配送|发货)(?:公司|服务商|商|方|名称|公司名称|渠道)$|^(?:快递|承运商)$", r"^(?:carrier|courier|logistics|shipping[\s_]?(?:company|carrier|provider))(?:[\s_]?name)?$",
    ),
    "state": (r"^(?:平台|线上)?(?:订单|交易|单据)?状态$", r"^(?:order[\s_]?)?(?:status|state)$", r"^financial[\s_]?status$", r"^fulfillment[\s_]?status$"),
    "item_sku": (
        r"^商家编码[-_ ]?规格维度$|^(?:商品|线上|平台)?(?:规格|sku|商家|外部)(?:编码|编号|商家编码)$", r"^(?:商品)?(?:商家编码|外部系统编号|货号|商品编码)$|^(?:sku|线上商品编码)$", r"^line[\s_]?items?[\s_.]*sku$|^(?:item|product)[\s_.]sku$",
    ),
    "item_variant": (
        r"^(?:商品|产品|宝贝|货品)?(?:规格|属性)(?:名称|信息|属性|描述)?$|^sku(?:名称|信息|属性|描述)$|^颜色规格$|^颜色(?:及|/)?(?:规格|尺码)$|^套餐信息$", r"^line[\s_]?items?[\s_.]*(?:variant|variation|options?)(?:[\s_.](?:title|name))?$|^variation$",
    ),
    "item": (
        r"^(?:宝贝|商品|产品|货品)(?:标题|名称|名|全称)?$|^(?:选购商品|线上商品名|品名)$", r"^line[\s_]?items?[\s_.]*(?:name|title|product)?$|^(?:item|product)[\s_.]?(?:name|title)$|^items?$",
    ),
    "quantity": (
        r"^(?:宝贝|商品|产品|购买|下单|货品|销售|订单)?(?:总)?(?:数量|件数|数)(?:\(件\))?$|^购买数量.*$|^商品数量.*$", r"^line[\s_]?items?[\s_.]*quantity$|^(?:item[\s_]?)?(?:quantity|qty)$",
    ),
    "item_price": (r"^(?:商品|产品|宝贝|货品|销售|成交)?(?:单价|价格|售价|成交价)$", r"^line[\s_]?items?[\s_.]*price$|^(?:unit|item)[\s_]?(?:price|cost)$|^price$"),
    "item_total": (r"^(?:商品|宝贝|货品|行)(?:小计|实付|实收|成交金额)(?:金额)?$|^小计$", r"^line[\s_]?(?:items?[\s_.]*)?(?:total|subtotal)$|^item[\s_]?total$"),
    "paid": (
        r"^(?:买家|客户|用户|顾客|订单)?(?:实际)?(?:实付|已付|支付|付款|实收)(?:款?金额|款|总额)?$|^(?:买家)?实际支付金额$|^商家实收金额.*$|^用户实付金额.*$", r"^(?:amount|total)[\s_]?paid$|^paid(?:[\s_]?(?:amount|total))?$|^paid[\s_]?by[\s_]?customer$",
    ),
    "total": (
        r"^(?:总金额|总价|订单应付金额|订单总金额|合计|应付)$|^(?:订单|交易|应付|应收|合计|买家应付)(?:总)?(?:金额|总额|款|总价)$", r"^(?:order[\s_]?)?(?:grand[\s_]?)?total(?:[\s_]?(?:amount|price))?$|^amount$",
    ),
    "goods": (r"^(?:商品|货品|宝贝)(?:总)?(?:金额|总额|价)(?:合计)?$|^商品总价.*$|^买家应付货款$", r"^(?:sub[\s_-]?total|items?[\s_]?subtotal|total[\s_]?line[\s_]?items[\s_]?price)$"),
    "member_off": (r"^会员(?:优惠|折扣|减免)(?:金额)?$", r"^member(?:ship)?[\s_]?discount$"),
    "coupon_off": (r"^(?:店铺|平台|商家)?(?:优惠券|券|红包)(?:优惠|抵扣|减免)?(?:金额)?$", r"^coupon(?:[\s_]?(?:discount|amount))?$"),
    "promotion_off": (
        r"^(?:店铺|商家|订单|活动|促销|满减|平台)?(?:优惠|折扣|减免)(?:总)?(?:金额)?$|^店铺优惠.*$|^满减$", r"^discount(?:[\s_]?(?:amount|total))?$|^(?:total|cart)[\s_]?discounts?(?:[\s_]?amount)?$",
    ),
    "shipping": (r"^(?:买家)?(?:应付)?(?:邮费|运费|快递费|物流费)(?:金额)?$|^邮费.*$", r"^(?:order[\s_]?)?(?:shipping|freight|delivery)(?:[\s_]?(?:fee|cost|total|amount|price))?$|^order[\s_]?shipping$"),
    "currency": (r"^(?:币种|货币|币别)$", r"^(?:order[\s_]?)?currency(?:[\s_]?code)?$"),
    "buyer_id": (r"^(?:买家|客户|会员|用户)(?:id|编号|账号|号)$|^买家openuid$", r"^(?:customer|buyer|user)[\s_]?(?:id|no\.?|number)$"),
    "receiver": (r"^(?:收货人|收件人|收方)(?:姓名|名称|名)?$|^收货人/提货人$", r"^(?:shipping|ship[\s_]?to|recipient|receiver)[\s_]?(?:first[\s_]?name|full[\s_]?name|name)?$|^consignee$"),
    "buyer": (
        r"^(?:买家|客户|会员|用户|顾客|下单)(?:会员名|昵称|旺旺|名称|姓名|名|账号|帐号)?$|^(?:旺旺|买家会员名|网名|下单帐号|昵称)$", r"^(?:billing|customer|buyer)[\s_.]?(?:name|username|full[\s_]?name)?$|^(?:customer|first[\s_]?name)$",
    ),
    "phone": (
        r"^(?:收货人|收件人|收件|买家|客户|用户|收货)?(?:联系)?(?:手机|电话|手机号|联系电话|联系方式|联系手机|移动电话)(?:号码|号)?$|^收货人(?:手机|电话).*$", r"^(?:(?:shipping|billing|customer|receiver)[\s_.]*)?(?:phone|mobile|telephone|tel)(?:[\s_]?(?:number|no\.?))?$",
    ),
    "email": (r"^(?:买家|客户)?(?:邮箱|电子邮件|电子邮箱)(?:地址)?$", r"^(?:(?:customer|billing)[\s_.]*)?e-?mail(?:[\s_]?address)?$"),
    "province": (r"^(?:收货|收件|收货人)?(?:地址)?省(?:份)?$|^(?:收货|收件)省份?$", r"^(?:shipping[\s_.]*)?(?:province|state|county)(?:[\s_]?name)?$"),
    "city": (r"^(?:收货|收件|收货人)?(?:地址)?(?:城市|市)$", r"^(?:shipping[\s_.]*)?city$"),
    "district": (r"^(?:收货|收件|收货人)?(?:地址)?(?:区|区县|县|县区|区/县)$", r"^(?:shipping[\s_.]*)?district$"),
    "region": (r"^(?:收货|收件)?(?:地区|省市区|所在地区?)$", r"^region$"),
    "address": (
        r"^(?:收货|收件|收货人|详细|收件人|联系|街道)(?:收货|收件)?(?:详细)?地址$|^地址$|^街道$", r"^(?:shipping[\s_.]*)?(?:address|street)(?:[\s_]?(?:1|line[\s_]?1))?$",
    ),
    "note": (r"^(?:买家|客户|顾客|用户|订单)?(?:留言|备注|附言)$", r"^(?:customer[\s_.]*|order[\s_.]*)?(?:notes?|remark|comments?)$"),
    "paid_at": (r"^(?:订单|买家)?(?:付款|支付|付款完成|支付完成)(?:时间|日期)$", r"^(?:paid|payment)[\s_]?(?:at|date|time|completed)$|^date[\s_]?paid$"),
    "shipped_at": (r"^(?:订单|实际)?(?:发货|出库|承运)(?:时间|日期)$", r"^(?:shipped|fulfilled|dispatched|ship)[\s_]?(?:at|date|time|on)$|^date[\s_]?shipped$"),
    "delivered_at": (r"^(?:确认收货|签收|收货|完成|订单完成|交易完成|交易成功)(?:时间|日期)$", r"^(?:delivered|completed)[\s_]?(?:at|date|time)$|^date[\s_]?completed$"),
    "ordered_at": (
        r"^(?:订单|交易)?(?:创建|下单|成交|拍下|提交|生成)(?:时间|日期)$|^(?:订单|下单)(?:时间|日期)$", r"^(?:order(?:ed)?[\s_]?(?:date|time|at)|created(?:[\s_]?at)?|date[\s_]?created|date)$",
    ),
    "updated_at": (r"^(?:最后|最近)?(?:更新|修改)(?:时间|日期)$", r"^(?:updated|modified|last[\s_]?(?:updated|modified))(?:[\s_]?(?:at|date|time))?$|^date[\s_]?modified$"),
    "title": (r"^(?:商品|产品|宝贝|货品)?(?:名称|标题|全称)$|^(?:商品|产品|宝贝|货品|品名|商品名|产品名|款名)$", r"^(?:product[\s_.]*)?(?:title|name)$|^(?:product|item)$"),
    "variant": (r"^(?:商品|sku|销售)?(?:规格|属性|款式)(?:名称?|值|型号)?$|^颜色(?:及|/)?(?:规格|尺码)$|^sku名称$", r"^variants?(?:[\s_.](?:title|name))?$|^option1[\s_]?value$|^attribute[\s_]?1[\s_]?value(?:\(s\))?$|^variation$"),
    "sku": (r"^(?:规格|sku)(?:商家)?(?:编码|编号|id|码)$|^sku$", r"^variants?[\s_.]?sku$|^(?:product[\s_.]*)?sku(?:[\s_]?(?:code|id))?$", r"^(?:商品编码|商家编码|货号|条码|商品条码|编码)$"),
    "code": (r"^(?:商品)?(?:货号|款号|款式编码|货品编号|商家编码|商品编码|spu编码|产品编号|商品编号|编码|型号)$", r"^(?:handle|product[\s_]?(?:code|number)|item[\s_]?(?:code|no\.?|number)|article(?:[\s_]?(?:no\.?|number))?|spu|code|model)$"),
    "external_id": (r"^(?:商品|宝贝|产品|货品|平台商品)(?:数字)?id$|^(?:spu[\s_]?id|id)$", r"^(?:product|item|goods)[\s_.]?id$|^parent$"),
    "compare_at": (r"^(?:市场|划线|吊牌|原|参考|建议零售)价(?:格)?$", r"^(?:variants?[\s_.]*)?compare[\s_-]?at[\s_]?price$|^(?:regular|list|original|retail)[\s_]?price$|^msrp$"),
    "price": (
        r"^(?:商品|销售|零售|一口|基本|基础|拼单|团购|单买|活动|现|促销)?(?:售价|价格|价|单价|一口价|拼单价|团购价)$", r"^(?:variants?[\s_.]*)?(?:sale[\s_]?)?price$|^(?:unit|selling)[\s_]?price$|^regular[\s_]?price$",
    ),
    "stock": (
        r"^(?:商品|可用|可售|实际|总|在售|现有|sku|规格|仓库)?(?:库存|可用数|库存数|可售数)(?:数量|总量|量|数|总数)?$|^(?:主仓实际)?库存.*$|^数量$", r"^(?:variants?[\s_.]*)?inventory(?:[\s_]?(?:qty|quantity|level))?$|^(?:stock|available|in[\s_]?stock|qty|quantity|on[\s_]?hand)(?:[\s_]?(?:quantity|qty|level))?$",
    ),
    "stock_list": (
        r"^(?:颜色|规格|尺码|款式|口味|色号|型号)(?:和|与|及|/|、)?(?:对应)?(?:库存|数量|现货)$", r"^(?:各)?(?:颜色|规格|尺码|款式|口味|色号)(?:库存|数量)$|^(?:库存|现货)(?:明细|情况)$", r"^(?:stock|inventory)[\s_]?(?:by|per)[\s_]?(?:colou?r|size|variant)$",
    ),
    "restock_at": (r"^(?:预计|下次|下批)?(?:到货|补货|到仓|恢复|上架)(?:时间|日期|日)$", r"^(?:restock|back[\s_]?in[\s_]?stock|available)[\s_]?(?:at|on|date|from)$"),
    "category": (r"^(?:商品|产品|宝贝|所属|叶子)?(?:类目|分类|类别|品类|分组)(?:名称)?$", r"^(?:product[\s_]?)?(?:categor(?:y|ies)|type)$"),
    "description": (r"^(?:商品|产品|宝贝)?(?:描述|详情|介绍|简介|卖点|说明)$", r"^(?:body(?:[\s_]?\(html\))?|description|short[\s_]?description|details?)$"),
    "url": (r"^(?:商品|宝贝|产品|详情)?(?:链接|网址|地址|url)$", r"^(?:product[\s_]?)?(?:url|link|permalink|external[\s_]?url)$"),
    "picture": (r"^(?:商品|产品|宝贝)?(?:主图|图片|首图|封面)(?:链接|地址|url)?$", r"^(?:image|picture|photo)s?(?:[\s_]?(?:src|url|link))?$"),
    "listed": (r"^(?:商品|销售|上架|上下架|在售)?(?:状态|是否上架|是否在售)$|^是否上架$", r"^(?:status|published|is[\s_]?(?:listed|active|published))$"),
}  # fmt: skip
ATTRIBUTES = re.compile(
    r"颜色|尺码|尺寸|材质|面料|重量|净重|品牌|规格|容量|功率|参数|产地|型号|适用|季节|风格|长度|宽度|高度|口味|保质期|包装|成分|防水|电池|续航|承重|舒适温标|保修|"
    r"colou?r|size|material|weight|brand|vendor|capacity|power|origin|season|style|length|width|height|flavou?r|warranty|attribute|option",
    re.IGNORECASE,
)
INTERNAL = re.compile(
    r"成本|进价|进货|采购|供应商|供货|厂家|毛利|利润|佣金|提成|仓位|货位|库位|仓库|内部|备注|remark|memo|创建|修改|更新|操作|经办|负责|编码|编号|条码|序号|销量|已售|排序|权重|状态|"
    r"税|运费模板|发货地|联系|电话|手机|地址|链接|图片|视频|cost|supplier|margin|profit|commission|warehouse|bin|internal|created|updated|modified|barcode|sku|\bid\b|sold|sort|status|"
    r"published|tax|seo|tag|url|image|video|phone|address|note|comment",
    re.IGNORECASE,
)
"""Columns of a shop's own business: customers are not told them unless somebody chooses so."""
_REMARK = re.compile(r"[(（【\[].*?[)）】\]]")
_PREFIX = re.compile(r"^(?:data|items|records|orders|products|list|result|results|rows)\.", re.IGNORECASE)


def plain_name(name: str) -> str:
    """Without remarks in brackets and the path of a JSON file: `orders.line_items.title` is `line_items.title`."""
    whole = name.strip().replace("（", "(").replace("）", ")")
    bare = _REMARK.sub("", whole).strip(" *＊:：") or whole
    return _PREFIX.sub("", bare).casefold()


def fits(name: str, meaning: Meaning) -> int | None:
    """How tellingly a column's name speaks for the meaning: 0 the most, None not at all."""
    plain = plain_name(name)
    return next((at for at, pattern in enumerate(NAMES[meaning]) if re.search(pattern, plain, re.IGNORECASE)), None)


OF_ORDERS: tuple[Meaning, ...] = (
    "buyer", "receiver", "phone", "email", "ordered_at", "paid_at", "paid", "total", "line_id", "shipping", "address", "goods",
)  # fmt: skip
"""Meanings that only a file of orders has columns for."""
