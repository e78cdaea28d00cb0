class Migration(migrations.Migration):
    dependencies = [("accounts", "0029_profile")]

    operations = [
        migrations.RemoveField(model_name="user", name="display_name"),
        migrations.RenameField(
            model_name="user", old_name="mail", new_name="email"
        ),
        migrations.RenameModel(old_name="Preference", new_name="Setting"),
        migrations.DeleteModel(name="LegacyProfile"),
    ]
