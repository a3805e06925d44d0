import Testing
import XML

@Suite struct ReadingTests {
    private func element(_ text: String, limits: XMLLimits = XMLLimits()) throws -> XMLElement {
        try XMLText.element(Array(text.utf8), limits: limits)
    }

    @Test func `an element has a name without its prefix, attributes, text and children`() throws {
        let root = try element(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <d:multistatus xmlns:d="DAV:" xmlns:c="urn:c"><d:response c:kind="&lt;x&gt;" name="a">
              <c:data>one<![CDATA[ <two> ]]>&amp; three</c:data><plain xmlns=""/>
            </d:response></d:multistatus>
            """)
        #expect(root.name == XMLName("DAV:", "multistatus"))
        let response = try #require(root.first(XMLName("DAV:", "response")))
        #expect(response.attributes.first == XMLAttribute(XMLName("urn:c", "kind"), "<x>"))
        #expect(response.attribute("name") == "a")
        #expect(response.text == "")
        #expect(response.first(XMLName("urn:c", "data"))?.text == "one <two> & three")
        #expect(response.children.last?.name == XMLName("", "plain"))
    }

    @Test func `children are handed out one by one, and what stands beside them is answered`() throws {
        var names: [String] = []
        let root = try XMLText.forEachChild(of: Array("<a x=\"1\"><b><c/></b><d/>words</a>".utf8)) { child in
            names.append(child.name.local + (child.children.first?.name.local ?? ""))
        }
        #expect(names == ["bc", "d"])
        #expect(root.attribute("x") == "1")
        #expect(root.children.isEmpty)
    }

    @Test func `what the receiver throws ends the reading`() {
        struct Enough: Error {}
        var count = 0
        #expect(throws: Enough.self) {
            _ = try XMLText.forEachChild(of: Array("<a><b/><b/><b/></a>".utf8)) { _ in
                count += 1
                if count == 2 { throw Enough() }
            }
        }
        #expect(count == 2)
    }

    @Test(arguments: [
        "<a>", "<a><b></a></b>", "<a></a><b/>", "<a/>tail", "<a b=1/>", "<a>&nothing;</a>", "<a", "no xml", "<a/",
        "<!--",
        "<a><b></a>", "<a><![CDATA[x</a>", "&amp;", "<a \"x\"/>", "<1/>",
    ])
    func `what is not well-formed is refused`(_ text: String) {
        let fault = #expect(throws: XMLFault.self) { try element(text) }
        #expect(fault?.kind == .malformed)
    }

    @Test(arguments: ["", " \n ", "\u{FEFF}"])
    func `nothing is said to be empty`(_ text: String) {
        let fault = #expect(throws: XMLFault.self) { try element(text) }
        #expect(fault?.kind == .empty)
    }

    @Test func `each beginning of a text is refused and none crashes`() throws {
        let text = Array(
            #"<?xml version="1.0"?><a xmlns="DAV:"><b c='d'>é &#228; <![CDATA[x]]><!-- y --></b></a>"#.utf8)
        for end in 0..<text.count - 1 {
            #expect(throws: XMLFault.self) { try XMLText.element(Array(text[..<end])) }
        }
        #expect(try XMLText.element(text).first(XMLName("DAV:", "b"))?.text == "é ä x")
    }

    @Test func `G73 control characters and broken UTF-8 do not hide what stands around them`() throws {
        var bytes = Array("<a>one".utf8)
        bytes += [0x0B, 0x00, 0x1F, 0xEF, 0xBF, 0xBF, 0xC3]
        bytes += Array(" two</a>".utf8)
        #expect(try XMLText.element(bytes).text == "one\u{FFFD} two")
    }

    @Test func `a text in Latin-1 is read as it declares itself`() throws {
        let bytes = Array(#"<?xml version='1.0' encoding='ISO-8859-1'?><a>"#.utf8) + [0xE4] + Array("</a>".utf8)
        #expect(try XMLText.element(bytes).text == "ä")
    }

    @Test func `a declaration of UTF-7 or UTF-16 changes nothing of how the bytes are read`() throws {
        for name in ["UTF-7", "utf-16", "EBCDIC-CP-US"] {
            let text = "<?xml version='1.0' encoding='\(name)'?><a>+ADw-b</a>"
            #expect(try element(text).text == "+ADw-b")
        }
    }

    @Test func `a byte order mark and blanks before the declaration are passed over`() throws {
        #expect(try element("\u{FEFF} \n<?xml version='1.0'?><a/>").name.local == "a")
    }

    @Test func `a prefix that is not declared does not spoil the text`() throws {
        #expect(try element("<a><x:b>c</x:b></a>").children.first?.text == "c")
    }
}
