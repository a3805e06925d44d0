import Testing
import XML

/// T13: texts that are meant to do harm.
@Suite(.timeLimit(.minutes(1))) struct HarmTests {
    private func fault(_ text: String, limits: XMLLimits = XMLLimits()) -> XMLFault.Kind? {
        do {
            _ = try XMLText.element(Array(text.utf8), limits: limits)
            return nil
        } catch {
            return error.kind
        }
    }

    @Test func `T13 entities that multiply are refused with the document type`() {
        var text = "<!DOCTYPE l [<!ENTITY l0 \"lol\">"
        for level in 1...9 {
            text += "<!ENTITY l\(level) \"" + String(repeating: "&l\(level - 1);", count: 10) + "\">"
        }
        #expect(fault(text + "]><l>&l9;</l>") == .hasDoctype)
    }

    @Test func `T13 one large entity named often is refused with the document type`() {
        let text =
            "<!DOCTYPE l [<!ENTITY a \"" + String(repeating: "a", count: 100_000) + "\">]><l>"
            + String(repeating: "&a;", count: 100_000) + "</l>"
        #expect(fault(text) == .hasDoctype)
    }

    @Test(arguments: [
        "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>",
        "<!DOCTYPE a SYSTEM \"http://127.0.0.1/x.dtd\"><a/>",
        "<!DOCTYPE a PUBLIC \"-//W3C//DTD XHTML 1.0//EN\" \"http://127.0.0.1/x.dtd\"><a/>",
        "<?xml version=\"1.0\"?><!doctype html><html></html>",
        "<a><!DOCTYPE a [<!ENTITY x \"y\">]>&x;</a>",
    ])
    func `T13 nothing is fetched or defined for a text`(_ text: String) {
        #expect(fault(text) == .hasDoctype)
    }

    @Test func `T13 a million attributes are refused before they are compared`() {
        var text = "<a"
        for number in 0..<1_000_000 { text += " a\(number)=\"\"" }
        #expect(fault(text + "/>") == .tooLarge)
    }

    @Test func `T13 a tag, a comment and an instruction are not endless`() {
        let long = String(repeating: "x", count: 1 << 20)
        #expect(fault("<\(long)/>") == .tooLarge)
        #expect(fault("<a><!--\(long)--></a>") == .tooLarge)
        #expect(fault("<a><?x \(long)?></a>") == .tooLarge)
        #expect(fault("<a b=\"\(long)\"/>") == .tooLarge)
        #expect(fault("<a b=\"\(long)") == .tooLarge)
    }

    @Test func `T13 elements in elements are not endless`() {
        let deep = String(repeating: "<a>", count: 100_000)
        #expect(fault(deep) == .tooDeep)
        #expect(fault(String(repeating: "<a>", count: 41) + String(repeating: "</a>", count: 41)) == .tooDeep)
        #expect(fault(String(repeating: "<a>", count: 40) + String(repeating: "</a>", count: 40)) == nil)
    }

    @Test func `T13 the number of elements and the length of texts are limited`() {
        var limits = XMLLimits()
        limits.elementsHeld = 10
        limits.textBytesHeld = 10
        limits.bytes = 1_000
        #expect(fault("<a>" + String(repeating: "<b/>", count: 9) + "</a>", limits: limits) == nil)
        #expect(fault("<a>" + String(repeating: "<b/>", count: 10) + "</a>", limits: limits) == .tooLarge)
        #expect(fault("<a>" + String(repeating: "x", count: 11) + "</a>", limits: limits) == .tooLarge)
        #expect(fault("<a><![CDATA[" + String(repeating: "x", count: 30) + "]]></a>", limits: limits) == .tooLarge)
        #expect(fault("<a>" + String(repeating: " ", count: 2_000) + "</a>", limits: limits) == .tooLarge)
    }

    @Test func `a listing may have far more elements than are held at once`() throws {
        var limits = XMLLimits()
        limits.elementsHeld = 10
        var count = 0
        let text = "<a>" + String(repeating: "<b><c>text</c></b>", count: 5_000) + "</a>"
        _ = try XMLText.forEachChild(of: Array(text.utf8), limits: limits) { _ in count += 1 }
        #expect(count == 5_000)
    }

    @Test func `T13 many namespaces and broken tags end soon`() {
        var text = "<a>"
        for number in 0..<20_000 { text += "<b xmlns:n\(number)=\"urn:\(number)\"><n\(number):c/></b>" }
        #expect(fault(text + "</a>") == nil)
        #expect(fault(String(repeating: "<a b=\"<\" ", count: 50_000)) == .tooLarge)
        #expect(fault(String(repeating: "<", count: 1_000_000)) != nil)
        #expect(fault("<a>" + String(repeating: "&#x41;", count: 500_000) + "</a>") == nil)
    }
}
