class Resolver:
    def __init__(self):
        self.cache = {}

    def resolve(self, name):
        if name in self.cache:
            return self.cache[name]
        result = self.lookup(name)
        self.cache[name] = result
        return result
