@Entity
class AuditEvent {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private Integer id;

    private Integer accountId;

    int compareTo(AuditEvent other) {
        return this.id - other.id;
    }

    static AuditEvent of(long id, long accountId) {
        AuditEvent event = new AuditEvent();
        event.id = Math.toIntExact(id & 0xFFFFFFFFL);
        event.accountId = Long.valueOf(accountId).intValue();
        return event;
    }
}
