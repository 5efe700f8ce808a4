"""数据交换: packages to and from the city's platform 移动执法平台 (五-4h, 七(二)-h, 七(五)-m). Addresses: /desk/exchange/…."""
