class Payment(models.Model):
    amount = models.FloatField()
    fee = models.FloatField(default=0.0)
    refunded = models.FloatField(default=0.0)

    def refund(self, part):
        self.refunded += float(part)
        self.fee = (self.amount - self.refunded) * 0.029
        self.save(update_fields=["refunded", "fee"])
