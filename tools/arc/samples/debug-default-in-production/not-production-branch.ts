if (process.env.NODE_ENV !== 'production') {
  app.use(errorHandler({ dumpExceptions: true, showStack: true }));
  app.use('/debug', debugRoutes);
  app.post('/login-as/:id', (req, res) => {
    req.session.userId = req.params.id;
    res.redirect('/');
  });
}
