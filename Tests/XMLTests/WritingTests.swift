import Testing
import XML

@Suite struct WritingTests {
    @Test func `what is written can be read, whatever the texts are`() throws {
        var writing = XMLWriting(prefixes: ["DAV:": "D", "urn:c": "C"])
        let text = "<&>\"' ]]> ä\u{1F600} a\r\nb\tc"
        writing.element(XMLName("DAV:", "propfind")) { writing in
            writing.element(XMLName("urn:c", "data"), attributes: [("name", text)]) { writing in
                writing.element(XMLName("DAV:", "href"), text: text)
            }
            writing.element(XMLName("DAV:", "empty"))
        }
        let root = try XMLText.element(writing.bytes)
        #expect(root.name == XMLName("DAV:", "propfind"))
        #expect(root.children.map(\.name.local) == ["data", "empty"])
        #expect(root.children[0].first(XMLName("DAV:", "href"))?.text == text)
    }

    @Test func `characters that XML forbids are left out`() throws {
        var writing = XMLWriting(prefixes: ["DAV:": "D"])
        writing.element(XMLName("DAV:", "href"), text: "a\u{0}\u{1B}\u{FFFE}b")
        #expect(try XMLText.element(writing.bytes).text == "ab")
    }
}
