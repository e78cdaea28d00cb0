def fill_full_name(apps, schema_editor):
    Customer = apps.get_model("crm", "Customer")
    for customer in Customer.objects.all():
        customer.full_name = f"{customer.first_name} {customer.last_name}"
        customer.save()


class Migration(migrations.Migration):
    dependencies = [("crm", "0017_customer_full_name")]

    operations = [
        migrations.RunPython(fill_full_name, migrations.RunPython.noop),
        migrations.AlterField(
            "customer", "full_name", models.CharField(max_length=200)
        ),
    ]
