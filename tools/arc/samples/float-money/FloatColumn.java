@Entity
class Payment {
    @Column(nullable = false)
    private double amount;

    @Column(nullable = false)
    private float fee;

    void refund(double part) {
        this.amount = this.amount - part;
        this.fee = (float) (this.amount * 0.029);
    }
}
