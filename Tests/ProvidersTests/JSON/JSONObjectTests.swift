import Entries
import ICalendar
import Testing

@testable import Providers

struct JSONObjectTests {
    private func object(_ text: String) throws -> JSONObject { try JSONObject(Array(text.utf8)) }

    @Test func `L24 what is not spoken of, what is empty and what has a value are three things`() throws {
        let object = try object(#"{"null": null, "empty": "", "blank": " \n", "value": "Tea", "other": 5}"#)
        #expect(object.stated("missing") == .absent)
        #expect(object.stated("null") == .empty)
        #expect(object.stated("empty") == .empty)
        #expect(object.stated("blank") == .empty)
        #expect(object.stated("value") == .value("Tea"))
        #expect(object.stated("other") == .absent)
    }

    @Test func `B16 a list may be missing, empty or filled`() throws {
        let object = try object(#"{"null": null, "empty": [], "one": [{"a": 1}, 2, "b", ""], "text": "x"}"#)
        #expect(object.statedElements("missing") == .absent)
        #expect(object.statedElements("null") == .empty)
        #expect(object.statedElements("empty") == .empty)
        #expect(object.statedElements("text") == .absent)
        #expect(object.statedElements("one").value?.count == 4)
        #expect(object.objects("one").count == 1)
        #expect(object.texts("one") == ["b"])
    }

    @Test func `G14 a number of 64 bits is read as a number and as a text`() throws {
        let object = try object(
            #"{"number": 1767600000000, "text": "9223372036854775807", "over": "9223372036854775808", "over2": 9223372036854775808, "half": 1.5}"#
        )
        #expect(object.integer("number") == 1_767_600_000_000)
        #expect(object.integer("text") == Int64.max)
        #expect(object.integer("over") == nil)
        #expect(object.integer("over2") == nil)
        #expect(object.integer("half") == nil)
    }

    private enum Colour: String { case red }

    @Test func `G11 a word that nobody knows and a value of another kind count as not said`() throws {
        let object = try object(#"{"a": "red", "b": "octarine", "c": [], "d": "true", "e": true, "f": "no"}"#)
        #expect(object.word("a", as: Colour.self) == .red)
        #expect(object.word("b", as: Colour.self) == nil)
        #expect(object.text("c") == nil)
        #expect(object.object("a") == nil)
        #expect(object.boolean("d") == true)
        #expect(object.boolean("e") == true)
        #expect(object.boolean("f") == nil)
    }

    @Test func `an instant needs its offset`() throws {
        let object = try object(
            #"{"z": "2026-01-05T08:00:00.123Z", "east": "2026-01-05T09:00:00+01:00", "none": "2026-01-05T09:00:00", "day": "2026-01-05"}"#
        )
        #expect(object.instant("z") == 1_767_600_000_000)
        #expect(object.instant("east") == 1_767_600_000_000)
        #expect(object.instant("none") == nil)
        #expect(object.instant("day") == nil)
    }

    @Test func `objects inside are read as the outer one is`() throws {
        let object = try object(#"{"a": {"b": {"c": "\u00e4\u0000"}}, "\u0061a": {}}"#)
        #expect(object.object("a")?.object("b")?.text("c") == "ä")
        #expect(object.has("aa"))
        #expect(object.has("missing") == false)
    }

    @Test(arguments: [
        "", "[]", "null", #"{"a": "#, #"{"a": [1, 2}"#, "<html>", #"{"a": 1} x"#, "\u{feff}{}",
    ])
    func `what is no object is refused`(_ text: String) {
        #expect(throws: JSONError.self) { try object(text) }
    }

    @Test func `lists without an end in lists are refused before the stack ends`() {
        let text = #"{"a": "# + String(repeating: "[", count: 1_000_000)
        #expect(throws: JSONError.self) { try object(text) }
    }
}
