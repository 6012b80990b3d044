"""The signs that count goods in any trade: 两顶帐篷, 三罐坚果."""

COUNTING = "个件条把顶张支瓶盒包袋只双套台副块盏罐箱份提床对本颗粒根管片筒桶板捆串枚组听卷枝棵坛"
"""One each; to be put between [ and ]."""
