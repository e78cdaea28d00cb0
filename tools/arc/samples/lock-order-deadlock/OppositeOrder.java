class OrderBook {
    private final ReentrantLock bids = new ReentrantLock();
    private final ReentrantLock asks = new ReentrantLock();

    void addBid(Bid bid) {
        bids.lock();
        try {
            asks.lock();
            try {
                match(bid);
            } finally {
                asks.unlock();
            }
        } finally {
            bids.unlock();
        }
    }

    void addAsk(Ask ask) {
        asks.lock();
        try {
            bids.lock();
            try {
                match(ask);
            } finally {
                bids.unlock();
            }
        } finally {
            asks.unlock();
        }
    }
}
