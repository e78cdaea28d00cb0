class Migration(migrations.Migration):
    dependencies = [("orders", "0041_auto")]

    operations = [
        migrations.AlterField(
            model_name="order",
            name="total",
            field=models.DecimalField(
                max_digits=20, decimal_places=4, db_index=True
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                fields=["customer", "created_at"], name="order_customer_idx"
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                check=models.Q(total__gte=0), name="order_total_check"
            ),
        ),
    ]
