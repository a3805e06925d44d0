import Testing

@testable import Machine

@Suite struct ServiceRecordsTests {
    private static let seven: @Sendable () -> UInt16 = { 7 }

    /// What a name server answers: the question again, and records whose names point at it.
    private func answer(
        _ question: DNSQuestion, _ records: [(type: UInt8, data: [UInt8])], flags: [UInt8] = [0x81, 0x80]
    ) -> [UInt8] {
        var bytes = Array(question.bytes[..<2]) + flags + [0, 1, 0, UInt8(records.count), 0, 0, 0, 0]
        bytes += question.bytes[12...]
        for record in records {
            bytes += [0xC0, 12, 0, record.type, 0, 1, 0, 0, 1, 0, 0, UInt8(record.data.count)] + record.data
        }
        return bytes
    }

    private func name(_ text: String) -> [UInt8] {
        text.split(separator: ".").flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) } + [0]
    }

    @Test func `a service is found with its port and path, the preferred one first`() {
        var asked: [DNSQuestion.Kind] = []
        let records = ServiceRecords.look("_caldavs._tcp", of: "example.org", identifier: Self.seven) { question in
            asked.append(question.kind)
            switch question.kind {
            case .service:
                return answer(
                    question,
                    [
                        (33, [0, 20, 0, 5, 1, 187] + name("late.example.org")),
                        (33, [0, 10, 0, 1, 1, 187] + name("light.example.org")),
                        (33, [0, 10, 0, 9, 0x20, 0xFB] + name("Cal.Example.org")),
                        (5, name("alias.example.org")),
                    ])
            case .text: return answer(question, [(16, [3] + Array("a=b".utf8)), (16, [9] + Array("path=/dav".utf8))])
            }
        }
        #expect(asked == [.service, .text])
        #expect(records.map(\.host) == ["cal.example.org", "light.example.org", "late.example.org"])
        #expect(records.map(\.port) == [8443, 443, 443])
        #expect(records.allSatisfy { $0.path == "/dav" })
    }

    @Test func `a host may be written with what the message holds already`() {
        let records = ServiceRecords.look("_caldavs._tcp", of: "example.org", identifier: Self.seven) { question in
            question.kind == .text ? nil : answer(question, [(33, [0, 0, 0, 0, 1, 187, 1, 99, 0xC0, 26])])
        }
        #expect(records.first?.host == "c.example.org")
        #expect(records.first?.path == nil)
    }

    @Test func `the root as a host says that there is no such service`() {
        let records = ServiceRecords.look("_caldavs._tcp", of: "example.org", identifier: Self.seven) { question in
            answer(question, [(33, [0, 0, 0, 0, 0, 0, 0])])
        }
        #expect(records.isEmpty)
    }

    @Test func `an answer to something else is none`() throws {
        let question = try #require(DNSQuestion("_caldavs._tcp.example.org", .service, identifier: 7))
        let good = answer(question, [(33, [0, 0, 0, 0, 1, 187] + name("a.example.org"))])
        #expect(DNSAnswer(good, to: question)?.services.count == 1)
        var otherNumber = good
        otherNumber[1] = 8
        #expect(DNSAnswer(otherNumber, to: question) == nil)
        var otherName = good
        otherName[20] = 120
        #expect(DNSAnswer(otherName, to: question) == nil)
        var noAnswer = good
        noAnswer[2] = 1
        #expect(DNSAnswer(noAnswer, to: question) == nil)
        #expect(DNSAnswer(answer(question, [], flags: [0x81, 0x83]), to: question)?.services.isEmpty == true)
        #expect(DNSAnswer(answer(question, [], flags: [0x83, 0x80]), to: question)?.isCut == true)
    }

    @Test func `T35 a broken or cut message ends the reading and nothing else`() throws {
        let question = try #require(DNSQuestion("_caldavs._tcp.example.org", .service, identifier: 7))
        let good = answer(
            question, [(33, [0, 0, 0, 0, 1, 187] + name("a.example.org")), (33, [0, 1, 0, 1, 1, 187, 0xC0, 12])])
        for end in 0..<good.count { _ = DNSAnswer(Array(good[..<end]), to: question) }
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<5_000 {
            var bytes = good
            for _ in 0..<3 {
                bytes[.random(in: 12..<bytes.count, using: &generator)] = .random(in: 0...255, using: &generator)
            }
            _ = DNSAnswer(bytes, to: question)
        }
        // A name that points at itself, or forth and back.
        let place = UInt8(12 + question.bytes.count - 12 + 12 + 6)
        let loop = answer(question, [(33, [0, 0, 0, 0, 1, 187, 0xC0, place])])
        #expect(DNSAnswer(loop, to: question)?.services.isEmpty == true)
    }

    @Test(arguments: ["", "exämple.org", "a..b", "-.\u{0}", String(repeating: "a", count: 64) + ".org"])
    func `a name that cannot be asked for is not asked for`(_ domain: String) {
        let records = ServiceRecords.look("_caldavs._tcp", of: domain) { _ in
            Issue.record("it was asked for")
            return nil
        }
        #expect(records.isEmpty)
    }

    @Test func `name servers are those that the machine names`() {
        let text =
            "# a comment\nsearch home\nnameserver 10.0.0.1\n nameserver\t::1\noptions x\nnameserver 1\nnameserver 2\n"
        #expect(NameServer.listed(in: text).map(\.address) == ["10.0.0.1", "::1", "1"])
        #expect(NameServer.listed(in: "").map(\.address) == ["127.0.0.1"])
    }
}
