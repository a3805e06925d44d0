import Entries
import Testing

@testable import Application
@testable import Service

@Suite struct CrewTests {
    private func item(
        _ name: String, _ provider: Provider? = .google, isRequested: Bool = false, hasWaited: Bool = false
    ) -> Agenda.Item {
        Agenda.Item(
            key: "reading/\(name)", work: .reading(connection: name), planned: 0, owner: nil, provider: provider,
            isRequested: isRequested, hasWaited: hasWaited)
    }

    @Test func `F14 what people ask for goes first, and what has waited for long takes turns with it`() {
        var crew = Crew()
        crew.list(
            (0..<3).map { item("asked\($0)", nil, isRequested: true) } + [
                item("old", nil, hasWaited: true), item("due", nil),
            ])
        var order: [String] = []
        while let next = crew.next(at: 0) { order.append(String(next.key.dropFirst(8))) }
        #expect(order == ["asked0", "old", "asked1", "asked2", "due"])
    }

    @Test func `one provider never takes every worker`() {
        var crew = Crew()
        crew.list((0..<10).map { item("g\($0)") } + [item("m", .microsoft)])
        var begun: [String] = []
        while let next = crew.next(at: 0) { begun.append(next.key) }
        #expect(begun.count == Crew.mostOfOneProvider + 1)
        #expect(begun.last == "reading/m")
    }

    @Test func `F05 nothing is begun twice, and what has ended makes room`() {
        var crew = Crew()
        crew.list([item("a")])
        let first = crew.next(at: 5)
        crew.list([item("a")])
        #expect(crew.next(at: 6) == nil)
        if let first { crew.end(first) }
        #expect(crew.next(at: 7)?.key == "reading/a")
        #expect(crew.begun == ["reading/a": 7])
    }

    @Test func `F01 nothing is begun while it stops`() {
        var crew = Crew()
        crew.list([item("a")])
        crew.isStopping = true
        #expect(crew.next(at: 0) == nil)
    }
}
