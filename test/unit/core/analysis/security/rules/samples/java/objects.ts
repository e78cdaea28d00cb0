import type { RuleSamples } from '../../rule-samples.ts'
import { rest, servlet, type } from './snippets.ts'

export const OBJECT_SAMPLES: Readonly<Record<string, RuleSamples>> = {
  'java-object-input-stream': {
    positive: [
      servlet(
        'ObjectInputStream in = new ObjectInputStream(request.getInputStream());\nObject order = in.readObject();',
        'java.io.*',
      ),
      type(
        'Object load(byte[] data) throws Exception { try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(data))) { return in.readObject(); } }',
        'java.io.*',
      ),
      type(
        'Object read(Socket socket) throws Exception { return new ObjectInputStream(socket.getInputStream()).readUnshared(); }',
        'java.io.*',
      ),
    ],
    negative: [
      type(
        'Object load(InputStream raw) throws Exception { ObjectInputStream in = new ObjectInputStream(raw);\nin.setObjectInputFilter(ObjectInputFilter.Config.createFilter("shop.*;!*"));\nreturn in.readObject(); }',
        'java.io.*',
      ),
      type(
        'private void readObject(ObjectInputStream in) throws Exception { in.defaultReadObject(); name = (String) in.readObject(); }',
        'java.io.*',
      ),
      type(
        'Object load(InputStream raw) throws Exception { return mapper.readValue(raw, Order.class); }\nvoid save(ObjectInputStream in) {}\nvoid readObject() {}',
      ),
      type(
        `Object copy(Object value) throws Exception {
  ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  new ObjectOutputStream(bytes).writeObject(value);
  return new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();
}`,
        'java.io.*',
      ),
    ],
  },
  'java-unsafe-object-parser': {
    positive: [
      servlet(
        'XMLDecoder decoder = new XMLDecoder(request.getInputStream());\nObject order = decoder.readObject();',
        'java.beans.XMLDecoder',
      ),
      type(
        'Object load(String xml) { XStream xstream = new XStream(); return xstream.fromXML(xml); }',
        'com.thoughtworks.xstream.XStream',
      ),
      type(
        'Object load(InputStream in) throws IOException { Hessian2Input input = new Hessian2Input(in); return input.readObject(); }',
      ),
      rest(
        '@PostMapping("/o")\nObject o(@RequestBody byte[] data) { return SerializationUtils.deserialize(data); }',
      ),
    ],
    negative: [
      type(
        'Object load(String xml) { XStream xstream = new XStream(); xstream.allowTypes(new Class[] { Order.class }); return xstream.fromXML(xml); }',
        'com.thoughtworks.xstream.XStream',
      ),
      type(
        'String save(Order order) { return new XStream().toXML(order); }',
        'com.thoughtworks.xstream.XStream',
      ),
      type(
        'Object copy(Order order) { return SerializationUtils.deserialize(SerializationUtils.serialize(order)); }',
      ),
    ],
  },
  'java-unsafe-yaml': {
    positive: [
      type('Object load(String text) { return new Yaml().load(text); }', 'org.yaml.snakeyaml.Yaml'),
      type(
        'Object load(InputStream in) { Yaml yaml = new Yaml(new Constructor(Object.class)); return yaml.load(in); }',
        'org.yaml.snakeyaml.*',
      ),
      servlet(
        'Yaml yaml = new Yaml();\nfor (Object part : yaml.loadAll(request.getReader())) { use(part); }',
        'org.yaml.snakeyaml.Yaml',
      ),
    ],
    negative: [
      type(
        'Object load(String text) { return new Yaml(new SafeConstructor(new LoaderOptions())).load(text); }',
        'org.yaml.snakeyaml.*',
      ),
      type(
        'Config load(String text) { Yaml yaml = new Yaml(new Constructor(Config.class, options)); return yaml.load(text); }',
        'org.yaml.snakeyaml.*',
      ),
      type(
        'String save(Object value) { return new Yaml().dump(value); }\nProperties p; // p.load(',
        'org.yaml.snakeyaml.Yaml',
      ).replace(' // p.load(', ''),
    ],
  },
  'java-polymorphic-json': {
    positive: [
      type(
        'ObjectMapper mapper() { ObjectMapper mapper = new ObjectMapper(); mapper.enableDefaultTyping(); return mapper; }',
      ),
      type(
        'void open(ObjectMapper mapper) { mapper.activateDefaultTyping(LaissezFaireSubTypeValidator.instance, ObjectMapper.DefaultTyping.NON_FINAL); }',
      ),
      type('@JsonTypeInfo(use = JsonTypeInfo.Id.CLASS, property = "type")\nstatic class Shape {}'),
      type('static { ParserConfig.getGlobalInstance().setAutoTypeSupport(true); }'),
    ],
    negative: [
      type('@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")\nstatic class Shape {}'),
      type(
        'void open(ObjectMapper mapper) { mapper.activateDefaultTyping(BasicPolymorphicTypeValidator.builder().allowIfBaseType(Shape.class).build()); }',
      ),
      type(
        'void close() { ParserConfig.getGlobalInstance().setAutoTypeSupport(false); mapper.disableDefaultTyping(); }',
      ),
    ],
  },
  'java-mass-assignment': {
    positive: [
      servlet(
        'BeanUtils.populate(user, request.getParameterMap());',
        'org.apache.commons.beanutils.BeanUtils',
      ),
      rest(
        '@PatchMapping("/u/{id}")\nUser patch(@PathVariable long id, @RequestBody String body) throws IOException { return mapper.readerForUpdating(users.find(id)).readValue(body); }',
      ),
      rest(
        '@PatchMapping("/me")\nvoid patch(@RequestBody Map<String, Object> changes) throws Exception { mapper.updateValue(user, changes); }',
      ),
    ],
    negative: [
      type('void copy(UserForm form, User user) { BeanUtils.copyProperties(form, user); }'),
      type(
        'void fill(User user, Map<String, Object> defaults) throws Exception { BeanUtils.populate(user, defaults); }',
      ),
      rest(
        '@PostMapping("/u")\nUser create(@RequestBody String body) throws IOException { return mapper.readValue(body, User.class); }\nBeanUtils unused;',
      ),
    ],
  },
}
