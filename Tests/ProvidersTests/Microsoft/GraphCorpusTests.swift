import Entries
import Foundation
import HTTP
import ICalendar
import Testing

@testable import Providers

/// Answers that Microsoft published as examples, and some that were recorded; read where they stand beside the project.
@Suite(.enabled(if: GraphCorpus.isThere)) struct GraphCorpusTests {
    private static func files() -> [(name: String, bytes: [UInt8])] {
        GraphCorpus.files("ms-graph-docs/json-graph") + GraphCorpus.files("ms-graph-docs/json-graph-template")
    }

    private static func objects(_ bytes: [UInt8]) throws -> [JSONObject] {
        let json = try JSONObject(bytes)
        return json.value("value") == nil ? [json] : json.objects("value")
    }

    @Test func `every published answer is read`() throws {
        let files = Self.files()
        #expect(files.count > 50)
        var meetings = 0
        for file in files {
            for json in try Self.objects(file.bytes) {
                let event = GraphEvent(json.text("id") ?? "none", json)
                if (try? MeetingMaker(zones: Moments.zones).meeting(event, master: nil)) != nil { meetings += 1 }
            }
        }
        #expect(meetings > 20)
    }

    @Test func `an example of an event means what it says`() throws {
        let file = try #require(Self.files().first { $0.name == "beta__api__event-get_2.json" })
        let event = GraphEvent("x", try JSONObject(file.bytes))
        let found = try MeetingMaker(zones: Moments.zones).meeting(event, master: nil)
        #expect(found.details.title == "Plan summer company picnic")
        #expect(found.details.description == "Let's kick-start this event planning!")
        #expect(found.details.location == "Conf Room 3; Fourth Coffee; Home Office")
        #expect(found.details.starts == (try Moments.instant("2017-08-30T11:00:00Z")))
        #expect(
            found.attendees.map(\.email) == [
                "adelev@contoso.onmicrosoft.com", "danas@contoso.onmicrosoft.com", "alexw@contoso.onmicrosoft.com",
            ])
        #expect(found.attendees.first?.isOrganizer == true)
    }

    @Test func `an example of a round means what it says`() throws {
        let file = try #require(Self.files().first { $0.name == "concepts__delta-query-events_3.json" })
        let page = try GraphPage(JSONObject(file.bytes), Address(Graph.publicBase), doing: "testing")
        #expect(page.values.count == 2 && page.next == nil)
        let graph = try Graph(.forTests(GraphScript()), base: Graph.publicBase)
        #expect(graph.own(try #require(page.delta)) != nil)
    }

    @Test func `C08 a recorded answer with a contact means what it says`() throws {
        let trace = try #require(
            GraphCorpus.files("msgraph-gnome/http-graph").first { $0.name == "traces__user__get-contacts" })
        let text = String(decoding: trace.bytes, as: UTF8.self)
        let start = try #require(text.range(of: #"{"@odata.context""#)?.lowerBound)
        let end = try #require(text.lastIndex(of: "}"))
        let script = GraphScript()
        try script.page(
            "/me/contacts/delta",
            try JSONObject(Array(text[start...end].utf8)).elements("value").map {
                String(decoding: $0.content, as: UTF8.self)
            }, delta: "/me/contacts/delta?$deltatoken=1")
        let found = try MicrosoftPeople(.forTests(script), base: GraphScript.base).people(since: nil)
        #expect(found?.contacts.map(\.name) == ["Max Mustermann"])
        #expect(found?.contacts.first?.addresses.map(\.text) == ["max@mustermann.de"])
    }

    @Test func `B16 published answers with bytes of chance in them end in a reading or in words`() throws {
        var chance: UInt64 = 20_261_123
        func next(_ below: Int) -> Int {
            chance = chance &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(chance >> 33) % below
        }
        for file in Self.files() {
            for _ in 0..<40 {
                var bytes = file.bytes
                for _ in 0...next(4) { bytes[next(bytes.count)] = UInt8(next(256)) }
                if next(3) == 0 { bytes.removeLast(next(bytes.count)) }
                let script = GraphScript()
                let body = String(decoding: bytes, as: UTF8.self)
                try script.answer(GraphScript.view, 200, body)
                do { _ = try script.read()?.all() } catch { #expect(error is ReadingFailure) }
            }
        }
    }
}

enum GraphCorpus {
    private static let folder: URL? = {
        let file = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        let root = (0..<4).reduce(file) { url, _ in url.deletingLastPathComponent() }
        let folder = root.appendingPathComponent("../shared/corpus").standardizedFileURL
        return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
    }()

    static var isThere: Bool { folder != nil }

    static func files(_ below: String) -> [(name: String, bytes: [UInt8])] {
        guard let folder = folder?.appendingPathComponent(below) else { return [] }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.sorted().compactMap { name in
            (try? Data(contentsOf: folder.appendingPathComponent(name))).map { (name, [UInt8]($0)) }
        }
    }
}
