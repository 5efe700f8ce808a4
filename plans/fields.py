from plans.models import Mode

MODE_CHOICES = [*Mode.choices, ("EITHER", "现场或非现场")]
