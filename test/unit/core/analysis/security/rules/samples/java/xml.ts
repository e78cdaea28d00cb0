import type { RuleSamples } from '../../rule-samples.ts'
import { servlet, type } from './snippets.ts'

export const XML_SAMPLES: Readonly<Record<string, RuleSamples>> = {
  'java-xml-external-entities': {
    positive: [
      servlet(
        'DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();\nDocument document = factory.newDocumentBuilder().parse(request.getInputStream());',
        'javax.xml.parsers.*',
      ),
      type(
        'void read(InputStream in) throws Exception { SAXParser parser = SAXParserFactory.newInstance().newSAXParser(); parser.parse(in, handler); }',
        'javax.xml.parsers.*',
      ),
      type(
        'void read(InputStream in) throws Exception { XMLInputFactory factory = XMLInputFactory.newFactory(); XMLStreamReader reader = factory.createXMLStreamReader(in); }',
        'javax.xml.stream.*',
      ),
      type(
        'Document read(File file) throws Exception { return new SAXReader().read(file); }',
        'org.dom4j.io.SAXReader',
      ),
      type(
        'void convert(String xml) throws Exception { TransformerFactory.newInstance().newTransformer().transform(new StreamSource(new StringReader(xml)), result); }',
        'javax.xml.transform.*',
      ),
      type(
        'Object read(InputStream in) throws Exception { return new Digester().parse(in); }',
        'org.apache.commons.digester3.Digester',
      ),
    ],
    negative: [
      type(
        'Object read(InputStream in) throws Exception { return new Digester().parse(in); }',
        'org.apache.tomcat.util.digester.Digester',
      ),
      type(
        `Document read(InputStream in) throws Exception {
  DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
  factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
  return factory.newDocumentBuilder().parse(in);
}`,
        'javax.xml.parsers.*',
      ),
      type(
        'Document empty() throws Exception { return DocumentBuilderFactory.newInstance().newDocumentBuilder().newDocument(); }',
        'javax.xml.parsers.*',
      ),
      type(
        'void read(InputStream in) throws Exception { XMLInputFactory factory = XMLInputFactory.newFactory(); factory.setProperty(XMLInputFactory.SUPPORT_DTD, false); factory.createXMLStreamReader(in); }',
        'javax.xml.stream.*',
      ),
      type(
        'String write(Document document) throws Exception { TransformerFactory.newInstance().newTransformer().transform(new DOMSource(document), result); return text(); }',
        'javax.xml.transform.*',
      ),
      type(
        `private final DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
Service() throws Exception { factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true); }
Document read(InputStream in) throws Exception { return factory.newDocumentBuilder().parse(in); }`,
        'javax.xml.parsers.*',
      ),
      type('Calendar now() { return GregorianCalendar.newInstance(); }\nDocumentBuilderFactory unused;'),
    ],
  },
}
