"""案卷: what each check leaves behind, bound, kept and one day destroyed (七(七))."""
