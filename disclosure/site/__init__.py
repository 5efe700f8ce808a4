"""The public site's own pages: home, figures, latest news, how fresh it all is (/; 四(3), 八(二))."""
