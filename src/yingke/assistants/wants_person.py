"""Does the customer ask for a human being? Rules, because this wish must never be missed for want of a model."""

import re
import unicodedata

import opencc

from yingke.kit.expression import expression
from yingke.kit.recently import recently

_TO_SIMPLIFIED = opencc.OpenCC("t2s")
# 人工 and 真人 are also parts of other words, and work done by hand.
_LABOUR = (
    r"人工(?!智能|费|服务费|成本|湖|降雨|呼吸|授粉|草|皮|钻|耳蜗|关节|合成|制造|添加|色素|甜味|培育|打磨|缝|编|绣|组装|安装|养殖|手工"
    r"|做|制|审核|复核|检测|分拣|充气|操作|调节|加水|清理|翻面|开关|费用|钻石|林|岛|种植|采摘|挑选|筛选|鱼|水|骨|心脏)"
)
_HUMAN = rf"(?:{_LABOUR}|真人(?!秀|实拍|上身|同款|图|模特|试穿|版|照|效果|展示|cs)|活人|大活人|真的人|人类)"
_ROLE = (
    r"(?:(?:在线|售后|售前|专属|值班|高级|其他|另外的?)?客服(?:人员|专员|代表|主管|经理)?|(?:客服|人工|真人)(?:小?(?:姐姐|哥哥|妹妹|妹子)|小哥|小妹|mm|美女|帅哥|姐|妹子)|小姐姐|小哥哥"
    r"|(?:专属|售后|客户)?专员|坐席|接线员|工作人员|技术人员|技术员|专人|专门的人|懂.{0,3}的人|能做主的人?|会说(?:人)?话的人?|值班(?:人员|的人))"
)
_BOSS = r"(?:(?:值班|大堂|客服|售后)?(?:老板|店长|店主|经理|主管|领导|负责人|管事的|上级|上司))"
_LEAD = r"(?:请|麻烦(?:您|你)?|劳驾|求求(?:你|您)?了?|拜托|赶紧|赶快|快点?|马上|立刻|直接|现在就?|还是|那就?|算了|行吧|好吧)?[,， ]*"
_FOR_ME = r"(?:给我|帮我|帮忙|替我|让我|我要|我想要?|想要?|要|得|需要|给|帮|为我)?"
_GET = r"(?:转接?到?|转|接通?|找|换成?|叫|喊|呼叫|召唤|联系|请|上|来|安排|派|搵|揾|要见|见|让|喊来)"
_ONE = r"(?:一下|一?个|一?位|你们?的?|您们?的?|们的?|下)?(?:一个|一位|个)?"
_WITH = r"(?:跟|和|同|与)"
_TALK = r"(?:说|聊|谈|讲|沟通|对话|交流|反映|倾|通话|对接|说话)"
_END = r"(?:[吧呢吗嘛么啊呀哦了谢您你亲快点一下急谢请!?。,.~ ]|$)"
_BOT = r"(?:机器人|机械人|人机|机器|ai|智能客服|智障|自动回复|程序|电脑|小助手|小蜜|人工智能)"
_PATTERNS = (
    # asked for outright
    rf"{_GET}{_ONE}(?:{_HUMAN})(?!.{{0,4}}(?:价|多少钱))",
    rf"(?:要|想要|需要|申请|请求|要求|想找|想){_ONE}(?:{_HUMAN})(?!.{{0,5}}(?:吗|么)$)",
    rf"{_FOR_ME}{_GET}.{{0,3}}(?:{_HUMAN})",
    rf"{_GET}{_ONE}(?:客服人员|(?:人工|真人|在线|值班)客服|工作人员|坐席|接线员)(?!.{{0,4}}(?:电话|说))",
    r"(?:你们|店里|那边|侬|你哋|现在|在线)?(?:到底|还)?(?:有|有没有|有冇|有没|还有没有)(?:活的(?:吗|没有)|人(?:冇|伐|没有|在(?:吗|不在|线|啊|呀|了|[??!]|$)|值班|接待|理我|管))(?!.{0,3}(?:家|收))",
    r"(?:^|[^手纯流回翻])(?:转|传|专|赚|砖|轉)(?:接|到|成|给)?(?:一下|下|个)?(?:人[工公功エ]|仁工|人手$|客服|专员|坐席|真人|rengong)",
    rf"^{_LEAD}(?:转接|请转接|快转|转一下|转人)[!。,~吧谢 ]*$",
    rf"^{_LEAD}{_FOR_ME}(?:{_HUMAN}|人工(?:客服|服务|在线|坐席))+{_END}*(?:客服|服务|在线|坐席|小姐姐|小哥)?"
    rf"(?:在吗|在不在|在么|呢|有吗|快来|出来|回复|处理|介入|接待|解答|帮助|一下|谢谢|[!?。,~吧呢 ])*$",
    rf"(?:^|[,，。!？?. ])(?:快|就|只)?(?:给我|叫|要|只要|麻烦|请|能不能接|直接)?(?:个)?(?:{_HUMAN})(?:客服|服务|坐席)?(?:来|吧|[,，!。~]|$)",
    r"[转装传专找要接换](?:个|一下)?(?:人[工公功共供宫攻弓]|认工|仁工|人工?[可克客]服|任工)",
    rf"(?:{_HUMAN})(?:客服)?(?:接一下|回一下|回复一下|接入|上线|值班|接待|在线(?!时间)|在哪|喺边|在边)",
    rf"(?:能|可以|可否|能否|想){_GET}{_ONE}(?:{_HUMAN}|专人|专员|客服)",
    r"(?:输入|回复|发|说)(?:了)?[“\"「]?(?:转)?人工.{0,4}(?:没反应|没用|还是|不管用)|别的不要|(?:要|得|必须|想)?(?:跟|和|找)(?:人工|真人|客服人员)(?:说|谈|沟通|处理)",
    r"\bwhere(?:'s| is| are) (?:an?|the|your) (?:\w+ )?(?:humans?|agents?|persons?|people|support team|staff|manager)\b|\bput me through\b|\b(?:reach|get|speak|talk|chat|deal|find)\b.{0,20}\b(?:human|real person|agent|in support|in charge|support team|member of staff|somebody else|someone else|someone real)\b|\bactual (?:person|human)|\bsupport agent\b|\b(?:rather|prefer to) (?:talk|chat|speak|deal) (?:to|with)\b",
    r"(?:真人|人工)客服(?!.{0,4}(?:电话|几点|上班|下班|时间|态度|服务好|不错|说|什么时候|号码|热线|回复过|处理过))",
    rf"(?<![是纯靠叫为])(?:{_HUMAN})[!。~吧啦呀了 ]*$|给我(?:来)?{_ONE}(?:{_HUMAN})|给个(?:{_HUMAN})",
    rf"(?:喊|叫|请|让|换|找|派){_ONE}(?:懂.{{0,3}}的?人?|能做主的人?|会说(?:人)?话的人?|管用的人?|靠谱的人?){_END}*(?:来|跟|和|处理|回|出来|说|接|$)",
    r"(?:有没有|有|来|找|换|要|给|叫|派|请)(?:一?个|一?位)?(?:能沟通|会说话|会说人话|懂行|懂事|正常|真正|靠谱|管事|管用|能做主|能拍板|活生生|有血有肉|明白)的?人(?!用|买)|正常人(?:来|跟|和|回)",
    rf"(?:{_HUMAN})(?:客服)?(?:什么时候|多久|还要多久|几时|要等多久|何时)(?:才|还)?(?:能|可以|会)?(?:接|来|回|上线|有空|轮到)",
    r"^(?:请|麻烦|帮我|给我)?(?:转|接|找)(?:一?下|到)?(?:售后|售前)(?:部门?|人员|专员|客服|的人|同事)?(?:谢谢|吧|[!。~ ]|$)|换(?:你们|个|一位)?(?:领导|主管|经理|同事)|(?:请|让|派)?专人(?:联[系络]|回电|回复|对接|跟进)",
    r"\b(?:any|some|is any|is there any)\s*(?:actual |real |live )?(?:humans?|agents?|persons?|people|one|body|staff)\s+(?:here|online|available|around|there)\b|\b(?:can|could|will|would) you (?:please )?(?:connect|transfer|escalate) me\b|\b(?:bot|robot)s?\b.{0,24}\b(?:human|person|agent|someone)\b",
    r"有人(?:チャット|サポート|オペレーター)|人と(?:話|チャット)|(?:상담원|상담사|직원|사람).{0,4}(?:부탁|주세요|원해|필요)|\bnecesito (?:a )?(?:un|una) (?:humano|persona|agente)|\bcon[eé]cte(?:me|nme) con\b",
    r"^(?:人工[!,。 ]?)+(?:客服|服务|谢谢|在线)?[!。~ ]*$",
    rf"^{_LEAD}(?:找|要|接|转|叫|呼叫|联系|请|换){_ONE}{_ROLE}{_END}*$",
    rf"(?:{_HUMAN})(?:客服)?(?:在吗|在不在|在么|呢[!?? ]*$|怎么转|怎么找|怎么联系|怎么接|入口|服务(?!费)|介入|处理|接待|还在吗|坐席)",
    r"(?:怎么|如何|怎样(?:才能)?|按几|按0|哪里|在哪)(?:能)?(?:转|找|接通?|联系)(?:到)?(?:人工|真人)",
    rf"^(?:客服|人工客服|在线客服|人呢|人工呢|真人客服|{_ROLE})(?:呢|在吗|在不在|出来一下|快来|能回我吗|在哪)?[!?。~呢吗吧啊呀 ]*$",
    r"(?:客服|人工|真人|工作人员)(?:小姐姐|小哥哥?|小妹)?(?:在吗|在不在|快来|出来一下|能回我吗|死哪去了|呢$)(?!.{0,8}(?:这个|这款|那款|多少|发货|有货))",
    # is anybody there
    r"(?:有|有没有|还有|到底有没有|有冇)(?:一个)?(?:真|活|大活)人(?!秀|实拍|图|买|试)(?:客服)?(?:吗|么|没|在|客服|值班|伐|呀|啊|了|的|$|[??])",
    rf"(?:有|有没有|还有|还有没有)(?:{_LABOUR})(?:客服|服务|在线|坐席)?(?:的)?(?:吗|么|没|在|啊|呀|伐|了|[??]|$)",
    r"^(?:请问|你好|喂|在线|现在|晚上|半夜|这会儿|到底|你们)?[,， ]?(?:有|有没有|还有|有冇)(?:真|活)?人(?:吗|么|没|没有|在吗|在不在|冇|呀|伐|工吗|工客服)?(?:$|[??!。,，].{0,8}$|我要)",
    r"(?:人|活人|人都|客服)(?:呢|死?(?:去|跑)?哪(?:去|里)?了)[!?,，。]{0,3}(?:出来|来个|找|我要|叫|换)|有喘气的|来个(?:活)?人|出来个人|找个人(?:来|说|跟|和|聊|处理|帮|接|吧|$)|找人(?:来|跟我|和我|说)",
    rf"(?:有|找|让|叫|请|安排|派|换){_ONE}{_ROLE}(?:来|能|可以|给我|跟我|和我|帮我|帮忙|出来|对接|处理|联系|接待|解答|回复|沟通|说)",
    r"^(?:专人|专门的人|懂技术的人|技术人员|工作人员)(?:来|能|可以)(?:帮我|跟我说|处理|解答|看一下)",
    # somebody else, somebody in charge
    rf"(?:找|叫|喊|联系|投诉到?|要见|见|换|请|让|搵|揾){_ONE}{_BOSS}(?:来|出来|过来|跟|和|谈|说|接|讲|回|处理|联系我|听|$|[!。,，~吧])",
    rf"(?:我要|我想|让我|想|要)(?:见|找|跟|和|同){_ONE}{_BOSS}",
    r"换个人(?=吧|来|说|行|[,，!。~]|$)|(?:让|叫|换|喊|请|来|派|安排|搵|揾)(?:个|一个|一位|位)?(?:别|其他|真|活)?人(?:来|跟|和|给|接|回|说|嚟|出来|处理|对接|沟通|联系|讲|撒|嘛)",
    r"^(?:我要|给我|还是|那就?|快|赶紧)?换(?:个|一个|一位)?(?:人|客服)(?:吧|来|处理|说|[,，!。谢行]|$)|换(?:个|一个)?(?:真人|活人|会说(?:人)?话的)|(?:说不明白|说不通|说不清楚?|没法沟通|聊不下去|听不懂|解决不了|处理不了|没用|太笨|不通)[,， ]*(?:换人|找人|叫人|来个人|得找人)",
    # not with a machine
    rf"(?:不要|不想要?|别|不跟|不和|不愿意?|讨厌|懒得|不用|先不用|唔好|烦).{{0,4}}(?:{_BOT})(?!.{{0,6}}(?:多少|有货|保修|怎么用|吵|拖地|扫地|功能)).{{0,10}}(?:说|聊|讲|废话|换|人|$|[!。,，了回])",
    rf"(?:{_BOT})(?:没用|听不懂|答非所问|解决不了|太笨|太蠢|不行)[,， ]*(?:给我|我要|换|转|要|找)",
    r"(?:你|您)是(?:不是)?(?:机器人|真人|人工|ai).{0,8}(?:转|找|要|叫|换)",
    rf"{_WITH}(?:你们?的?|您们?的?)?(?:{_HUMAN}(?:客服|服务)?|工作人员|客服人员|客服|人){_TALK}(?:一下|聊|话)?(?:可以|能|行|吗|$|[!。,，]|吧|不)",
    rf"(?:我要|我想|想|要|需要|得|能不能|可以|能|让我){_WITH}(?:你们?的?)?(?:个)?(?:{_HUMAN}|人|客服)(?:客服|服务|人员)?{_TALK}",
    r"(?:没有|能不能|可以|能|可不可以).{0,4}(?:转|换|找|接)(?:个|一个|一下)?(?:人|客服)(?:[吗么聊来员]|$|跟我|和我|[??])",
    rf"(?:想搵|想揾|搵|揾)(?:你哋)?(?:个)?(?:真?人|客服|经理|老板)|同{_ONE}(?:真人|人倾|人讲|客服)|叫个?真人嚟|有冇人(?:应|呀|啊|$)",
    # slips of the ear and of the pen, and the machine sent away
    r"(?:人工|真人|任工|人共|仁工|人公)(?:[克可课科客]服|客户(?!端|群|资料)|服务(?!费|时间|热线|号|怎么样|好|态度))(?!.{0,4}(?:几点|电话|态度|说|已经|好|时间))",
    rf"(?:退出|关掉|关闭|结束|停止|取消|拒绝|滚蛋吧|不要|别用)(?:这个|你们?的?)?(?:机器人|智能客服|人工智能|自动回复|机器客服|ai客服|ai)(?:服务|模式|回复|托管|来?敷衍我|回我)?{_END}",
    rf"(?:^|[,，。!！ ]|给我|必须|得|让|请|麻烦|要|叫)(?:你们?)?(?:{_LABOUR})(?:客服)?(?:来|帮我|帮忙|看一?下|看看|查一?下|查|弄|核实|跟进|接手|回我|处理)(?!的|过)",
    rf"^(?:你们|你家|店里|侬|你哋)?(?:的)?{_BOSS}(?:呢|在吗|在不在|在哪|人呢|出来)[!?。,， ]*|(?:把|叫|喊|请)(?:你们?)?(?:的)?{_BOSS}(?:给我)?(?:叫|喊|请)?(?:来|出嚟|出来|过来)",
    rf"^(?:整|弄|搞|来|上|喊|找)(?:个|一个)(?:活的|真的|银|能喘气的|会喘气的|明白人|懂的)(?:来|跟俺|跟我|{_END})|(?:整|喊|麻烦喊|麻烦叫)个人(?:跟|和|来|{_END})",
    r"(?:请|麻烦|可以|能不能|能|劳烦)(?:安排|派|让|叫|请)(?:一?[位个])?(?:你们?的?)?(?:同事|专人|售后人员|售后|客服|人)(?:来|联系|回电|致电|处理|对接)|(?:请|麻烦|能不能|可以|能)(?:给我|帮我)(?:回电|回个电话|打个电话|致电)(?!.{0,6}(?:快递|师傅|再))",
    r"(?:专员|专人|人工|同事|负责人)(?:请)?(?:介入|接手|跟进)(?!.{0,3}(?:后|了|过|费))|升级(?:到|给|至)(?:专员|人工|经理|主管)|转接(?:售后|售前|专人|专員|客服)(?:人员)?|(?:解决不了|处理不了|做不了主)就(?:让|叫|换)(?:能|会|可以)",
    r"(?:除了|非)(?:真人|人工|活人).{0,6}(?:谁|都不|不)|(?:等|还在等|一直等|等你们)(?:人工|真人)(?:客服)?(?:接入|回复|上线|来|[!。~ ]|$)|人工(?:客服)?(?:什么时候|几时|多久)(?:在|来|上线|能接)(?!上班)",
    r"(?:需要|要|请求|申请)(?:客服|人工|专员)(?:协助|帮助|支持|介入)|(?:怎么|哪里|要怎么|如何)(?:才能|可以|能)?(?:联系|找)(?:到)?(?:你们的?人|客服|真人)(?!电话)|给我接客服|^客服呢|人(?:都)?去哪(?:儿|里)?了$|^喂[,， ]*人呢|你们?店?(?:里)?没人了吗",
    r"(?:不(?:跟|和|与)你(?:聊|说|谈|废话)|跟你(?:聊|说)不(?:通|下去|清楚|明白))[,，。! ]*(?:换人|叫人|来人)|(?:来|找|换)个(?:会|能)喘气的|^值班的(?:人)?在(?:吗|不在|么)",
    # pinyin
    r"\b(?:zhuan|zhuanjie|zhao|jie|jiao|huan|yao|qing|qingzhuan)\s?(?:ge\s?)?(?:ren\s?gong|ke\s?fu|zhen\s?ren|ren\s?lai|ge\s?ren)|^(?:ren\s?gong|zhen\s?ren|rg|zrg|zhenren)(?:\s?ke\s?fu|\s?fu\s?wu)?[!. ]*$|人工kefu|人工客f|转rg",
    # English
    r"^(?:cust\w* (?:service|support|care)|support|live) (?:rep|agent|person|human)?s? ?(?:please|pls|now|here|chat)?[!.? ]*$|\b(?:talk|speak|chat) (?:to|2|with|w) (?:sb|sm1|some1|a (?:real )?(?:person|human))\b|\b(?:don'?t|do not|not) (?:want|wanna|wish) to (?:talk|speak|chat|deal) (?:to|with) (?:a |an |the |this )?(?:bot|robot|machine|ai|computer)\b|\banyone (?:real|human)|\banybody real|\b(?:could|can|please have|have) (?:someone|somebody|a colleague) (?:from|of) (?:your|the) (?:team|company|shop) (?:contact|call|help|email)",
    r"\b(?:talk|speak|chat|connect|transfer|switch|get|put|reach|contact|deal|tlak|speek|escalate|hand|forward|pass|bring|give|find)\b(?!.{0,14}\b(?:english|spanish)\b).{0,28}\b(?:humans?|huam?n|persons?|people|agents?|reps?|representatives?|operators?|someone|somebody|staff|supervisors?|managers?|management|your team|customer (?:care|service|support)|support (?:team|staff)|real one)\b",
    r"\b(?:real|live|actual)\s+(?:humans?|persons?|persn|agents?|people|representatives?|chat|one)\b(?!\s*(?:hair|photo))",
    r"^(?:an?\s+)?(?:live\s+|real\s+|human\s+)?(?:human|humans|agent|operator|representative|rep|person|supervisor|manager|customer\s+(?:service|support)|human\s+being|hum4n|humn|agnet|aget|humann|represenative|representitive|representive)(?:[ ,]+(?:please|pls|now|here))?[!.? ]*$",
    r"\b(?:need|want|would like|demand|prefer|someone|like)\s+(?:a|an|some|to\s+\w+\s+(?:to\s+|with\s+)?(?:a|an)|the)\s*(?:\w+\s+)?(?:human|agent|person|operator|representative|manager|supervisor)\b|\b(?:need|want|get|have)\s+(?:someone|somebody)\s+(?:real|human|to help|to talk|now)\b",
    r"\bhuman\s+(?:please|pls|agent|support|help|now|being\s+please|answer)\b|\bcan\s+an?\s+(?:human|person|agent)\b|\b(?:is|are)\s+there\s+(?:an?|any|some)\s+(?:\w+\s+)?(?:humans?|persons?|people|agents?)\s+(?:here|there|around|available|i can|to (?:talk|speak))",
    r"^(?:please |pls |plz |can you |could you |i want to |need to |i need to |i'd like to |let me (?:to )?)?escalate\b|\btransfer me\b|\bget me someone\b|\b(?:no|stop|not|hate|tired of|enough)\b.{0,18}\b(?:bots?|robots?|machine)\b.{0,12}\b(?:person|human|someone|agent)|\b(?:bring in|get) a human\b",
    # Japanese, Korean, Spanish, French, German
    r"^(?:オペレーター|担当者|有人対応|人間)(?:を|に|と)?[。!]*$|(?:オペレーター|担当者|担当の方|人間|スタッフ|店員|有人|責任者|人と|係の(?:人|者|方)).{0,8}(?:繋|つな|話|お願い|代わ|替わ|変わ|はいます|いますか|対応|直接|連絡|と相談|はいませんか|をお願)",
    r"(?:상담원|상담사|사람|직원|매니저|담당자).{0,7}(?:연결|바꿔|얘기|통화|상담|불러|이야기|말하|대화)|^상담원[.!]*$",
    r"\b(?:hablar|hable|hablo|comunicar\w*|contactar)\s+con\s+(?:una?|alg[uú]n|el|la|alguien|vuestro|su|otra)\b(?!\s+(?:banco|proveedor))|\bme\s+atienda\s+(?:una?|alguien|el|la)\b|\b(?:persona|agente)\s+(?:real|humana?)\b|^(?:un[ao]? )?(?:agente|humano|operador|operadora|persona)\b.{0,12}$|\bp[aá]s(?:a|e)me\s+con\b|\bun\s+agente\b|atenci[oó]n\s+humana",
    r"\bparler\s+(?:à|a|avec)\s+(?:un|une|quelqu|des|votre)|\bun\s+(?:conseiller|humain)\b|\bmit\s+(?:einem|einer|jemandem|ihrem)\s*(?:menschen|mitarbeiter\w*|echten|person|berater\w*)?\b.{0,12}\b(?:sprechen|reden|verbinden)|\bfalar\s+com\s+(?:um|uma|algu|o )|\bparlare\s+con\s+(?:un|una|qualcuno|operatore)|оператор|живого\s+человека|(?:поговорить|связаться|соедините)\s+(?:меня\s+)?с\s+(?:человеком|менеджером|кем)|^con\s+una?\s+(?:persona|humano|agente)|上の(?:人|者|方)を|責任者を(?:出|呼)|(?:คุย|พูด|ติดต่อ)กับ(?:คน|พนักงาน|เจ้าหน้าที่|แอดมิน)|nói\s+chuyện\s+với\s+(?:người|nhân\s+viên)|gặp\s+(?:nhân\s+viên|người\s+thật|quản\s+lý)|(?:التحدث|التكلم)\s+(?:مع|إلى)\s+(?:شخص|موظف|إنسان|المدير)",
)
_WANTS = expression("|".join(f"(?:{pattern})" for pattern in _PATTERNS))
_NOT = expression(
    r"(?:不|没必要|没有必要|用不着|甭)(?:用|要|想)?(?:再)?(?:找|转|叫|接)(?:人工|真人|客服)(?!.{0,4}(?:不行|不可))|人工(?:客服|服务)?(?:的)?(?:服务)?(?:时间|热线|电话)(?:是|多少|几点)|(?:刚才|昨天|之前|上次|前面)(?:的)?(?:人工|真人)(?:客服)?(?:已经|说|帮|告诉|回复)|人工(?:客服)?已经"
    r"|\b(?:do|would) i need an? (?:agent|representative)|\bcan an? person (?:of|with|over|under|weighing)|\b(?:don'?t|do not|no need to|stop) (?:transfer|connect|escalate)\w* me\b|\bwhat time (?:does|is|do)\b.{0,20}\b(?:chat|support|service)\b"
    r"|(?:不用|不需要|不必|无需|先不|暂时不用?|别|不想)(?:帮我|给我)?(?:再)?(?:转|找|叫)(?:人工|真人|客服|了)?(?:客服)?(?!我)|(?:不用|不需要|不必|暂时不用?|先不)(?:要)?(?:人工|真人)(?:客服)?"
    # when somebody is there is a question about the hours
    r"|(?:几点|什么时候|啥时候|何时|哪天|周末|节假日|国庆|过年)[^，。！？?]{0,6}(?<!还)有(?:没有)?(?:真人|人工)(?:客服)?(?:值班|在线|在|上班)?(?=[吗么没呢啊呀?？。]|$)"
    r"|(?:人工|真人)(?:客服)?(?:一般|通常|平时|周末|每天|都|是)?(?:几点|什么时候|啥时候|何时|什么时间|哪几天)(?:在线?|上班|下班|有人|值班|上线|开始|结束)(?!.{0,8}(?:接我|等|找|转))"
    r"|手工|(?:上门|师傅|安装)的?人工|人工(?=要?多少|怎么算|怎么收|另算|贵不贵|包含|收费)|人工(?:智能(?!.{0,4}(?:不行|没用|太蠢|听不懂))|费|做|制作|成本|湖|皮|草|打磨|缝)"
    r"|(?:昨天|刚才|之前|上次|你们)的?那?个?(?:人工)?客服(?:小姐姐)?(?:说|告诉|答应)"
    r"|\b(?:don'?t|do not|no)\s+(?:need|want)\b(?:(?!bot)[^,.!?-]){0,26}\b(?:human|agent|person|people|anyone|somebody|someone)\b"
    r"|\b(?:your |the |an? )?(?:agent|representative|person|customer service|manager)\s+(?:told|said|promised|wrote)\b"
    r"|(?:real|human|live|actual)\s+(?:leather|silk|hair|plants?|wood|down)\b|\b(?:travel|cleaning|shipping)\s+agent|\bfor\s+(?:one|two|three|\d+)\s+(?:persons?|people)"
    r"|\bhow many (?:people|persons|humans)\b|(?:需要|要|是)(?:人工|手动)(?=充气|操作|调节|加水|清理|翻面|开关)"
)
_KANA = expression(r"[\u3041-\u30fa]")
_WITHIN = re.compile(r"(?<=[\u3400-\u9fff])[\s\-.·_*~^]+(?=[\u3400-\u9fff])")
_SPACES = re.compile(r"\s+")


_DECLINED = expression(
    r"(?:不|别|没必要|用不着|甭|先不|暂时不)(?:用|要|想|需要)?(?:再)?(?:找|转|叫|接|给我转)(?:人工|真人|客服|人)|不(?:用|需要|必)(?:人工|真人|客服)|(?:客服|人工)[^，。]{0,6}(?:几点|上班|下班|电话|热线|态度|辛苦|说|已经|收费)"
    r"|谢谢客服|(?:你|您)是(?:不是)?(?:机器人|真人|人工|ai|智能)|^(?:谢谢|多谢)|机器人(?:玩具|编程|扫地|怎么连|保修)|\b(?:don'?t|no need|not necessary|without)\b.{0,16}\b(?:human|agent|person|transfer)|\b(?:was|were) (?:great|helpful|nice)\b"
)


def declines_person(text: str) -> bool:
    """Whether a message that speaks of people wishes none: 「不用转人工」, 「客服几点下班」, thanks."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return bool(_DECLINED.search(plain) or _NOT.search(plain))


@recently
def wants_person(text: str) -> bool:
    """True when any wording asks for a person instead of the assistant: Chinese in both writings, dialect, pinyin, with
    slips of the pen; English; the usual ones in Japanese, Korean, Spanish, French, German. Some tens of µs."""
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    if not plain.isascii() and not _KANA.search(plain):
        try:
            plain = _TO_SIMPLIFIED.convert(plain)
        except UnicodeEncodeError:
            plain = plain.encode("utf-8", "replace").decode()
    squeezed = _WITHIN.sub("", _SPACES.sub(" ", plain))
    return bool(_WANTS.search(_NOT.sub(" ", squeezed)))
