#if canImport(Glibc)
    import Glibc
#endif

/// Where a service of a domain is, as the domain says it (RFC 2782).
public struct ServiceRecord: Sendable, Equatable {
    /// In small letters, without a dot at the end.
    public var host: String
    public var port: Int
    /// The path that a record TXT beside it names, as `/dav/`.
    public var path: String?
    var priority: Int
    var weight: Int
}

/// Asks the name servers of this machine for services. There is no call of the C library for it that Swift could make.
public enum ServiceRecords {
    /// The preferred one first; none where the domain offers none, or nobody answers.
    ///
    /// - Parameter service: as `_caldavs._tcp`.
    public static func look(_ service: String, of domain: String) -> [ServiceRecord] {
        let text = (try? Folder.read("/etc/resolv.conf", limit: 64 << 10)).map { String(decoding: $0, as: UTF8.self) }
        let servers = NameServer.listed(in: text ?? "")
        return look(service, of: domain) { question in
            for server in servers {
                if let answer = server.ask(question) { return answer }
            }
            return nil
        }
    }

    /// - Parameter ask: sends a message to a name server and hands back what it answered.
    static func look(
        _ service: String, of domain: String, identifier: () -> UInt16 = { .random(in: 0...(.max)) },
        ask: (DNSQuestion) -> [UInt8]?
    ) -> [ServiceRecord] {
        let name = service + "." + domain
        guard let question = DNSQuestion(name, .service, identifier: identifier()),
            let answer = ask(question).flatMap({ DNSAnswer($0, to: question) })
        else { return [] }
        // The root as a host says that the service is not offered.
        let records = answer.services.filter { !$0.host.isEmpty }
            .sorted { ($0.priority, -$0.weight, $0.host) < ($1.priority, -$1.weight, $1.host) }
        guard !records.isEmpty, let texts = DNSQuestion(name, .text, identifier: identifier()) else { return records }
        let path = ask(texts).flatMap { DNSAnswer($0, to: texts) }?.texts.lazy
            .filter { $0.lowercased().hasPrefix("path=/") }.map { String($0.dropFirst(5)) }.first
        return records.map { record in
            var record = record
            record.path = path
            return record
        }
    }
}

/// A name server that can be asked over UDP, and over TCP where its answer is long.
struct NameServer: Equatable {
    var address: String
    var port: UInt16 = 53

    /// Those that `resolv.conf` names; as there, no more than three.
    static func listed(in text: String) -> [NameServer] {
        let servers = text.split(whereSeparator: \.isNewline).compactMap { line -> NameServer? in
            let words = line.split { $0 == " " || $0 == "\t" }
            guard words.count >= 2, words[0] == "nameserver" else { return nil }
            return NameServer(address: String(words[1]))
        }
        return servers.isEmpty ? [NameServer(address: "127.0.0.1")] : Array(servers.prefix(3))
    }

    private static let waitMilliseconds: Int32 = 2_000
    private static let tries = 2

    func ask(_ question: DNSQuestion) -> [UInt8]? {
        for _ in 0..<Self.tries {
            guard let answer = exchange(question.bytes, stream: false) else { continue }
            guard DNSAnswer(answer, to: question)?.isCut == true else { return answer }
            return exchange(question.bytes, stream: true)
        }
        return nil
    }

    private func exchange(_ message: [UInt8], stream: Bool) -> [UInt8]? {
        let kind = Int32((stream ? SOCK_STREAM : SOCK_DGRAM).rawValue)
        let family = address.contains(":") ? AF_INET6 : AF_INET
        let descriptor = socket(family, kind | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        guard connect(descriptor), wait(descriptor, Int16(POLLOUT)) else { return nil }
        let count = UInt16(clamping: message.count)
        let sent = stream ? [UInt8(count >> 8), UInt8(count & 255)] + message : message
        guard send(descriptor, sent, sent.count, Int32(MSG_NOSIGNAL)) == sent.count else { return nil }
        guard stream else { return receive(descriptor, 4_096) }
        guard let length = receive(descriptor, exactly: 2) else { return nil }
        return receive(descriptor, exactly: Int(length[0]) << 8 | Int(length[1]))
    }

    private func connect(_ descriptor: Int32) -> Bool {
        var result: Int32 = -1
        if address.contains(":") {
            var place = sockaddr_in6()
            place.sin6_family = sa_family_t(AF_INET6)
            place.sin6_port = port.bigEndian
            guard inet_pton(AF_INET6, address, &place.sin6_addr) == 1 else { return false }
            result = withUnsafePointer(to: &place) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in6>.size))
                }
            }
        } else {
            var place = sockaddr_in()
            place.sin_family = sa_family_t(AF_INET)
            place.sin_port = port.bigEndian
            guard inet_pton(AF_INET, address, &place.sin_addr) == 1 else { return false }
            result = withUnsafePointer(to: &place) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
        }
        return result == 0 || errno == EINPROGRESS
    }

    private func wait(_ descriptor: Int32, _ events: Int16) -> Bool {
        var poll = pollfd(fd: descriptor, events: events, revents: 0)
        return Glibc.poll(&poll, 1, Self.waitMilliseconds) == 1
    }

    private func receive(_ descriptor: Int32, _ most: Int) -> [UInt8]? {
        guard wait(descriptor, Int16(POLLIN)) else { return nil }
        var buffer = [UInt8](repeating: 0, count: most)
        let count = recv(descriptor, &buffer, most, 0)
        return count > 0 ? Array(buffer[..<count]) : nil
    }

    private func receive(_ descriptor: Int32, exactly count: Int) -> [UInt8]? {
        var bytes: [UInt8] = []
        while bytes.count < count {
            guard let more = receive(descriptor, count - bytes.count) else { return nil }
            bytes += more
        }
        return bytes
    }
}
