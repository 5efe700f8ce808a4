"""个人信息 in what will be public: found, mended, or kept with a reason (八(二)-c)."""
