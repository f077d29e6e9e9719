"""Words the synthetic people, companies and places are made of. None of it is anyone's data."""

SURNAMES = tuple("王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗")
GIVEN = tuple("伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅建国志文晓东雪春")
FIRMS = ("恒信", "金桥", "渝达", "长江", "嘉陵", "德源", "永兴", "和润", "天宏", "瑞丰")
TRADES = ("机械", "贸易", "食品", "建材", "物流", "电子", "医药", "农业", "服饰", "汽配")
BODIES = ("财政局", "教育局", "卫生局", "水务局", "交通局", "民政局", "农业局", "档案馆")
REGIONS = (
    "Yuzhong",
    "Jiangbei",
    "Shapingba",
    "Jiulongpo",
    "Nanan",
    "Beibei",
    "Banan",
    "Wanzhou",
    "Fuling",
    "Yongchuan",
    "Hechuan",
    "Kaizhou",
)
STREETS = ("人民路", "解放路", "中山路", "建设路", "新华路", "滨江路", "学府路", "民生路")

# Industries of companies, by the codes of the shipped rating policy, and how many companies trade.
PRODUCING = (
    "manufacturing",
    "manufacturing",
    "construction",
    "energy",
    "transport",
    "agriculture",
    "services",
)
TRADING = ("wholesale", "retail_trade")
TRADING_SHARE = 0.3
