package main

func run(db *sql.DB, worker *Worker) {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt, syscall.SIGTERM)
	go worker.Loop()
	server := &http.Server{Addr: addr, Handler: handler(db)}
	go server.ListenAndServe()

	<-stop
	server.Close()
	db.Close()
	os.Exit(0)
}
