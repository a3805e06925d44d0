import Glibc

/// Whoever started this process and wants to hear how it is: systemd, by the protocol of `sd_notify`.
public struct Supervisor: Sendable {
    private let address: String?
    /// How often it wants to hear that the process is alive; nil where it does not.
    public let watchdogMilliseconds: Int64?

    public init(environment: (String) -> String? = { ThisProcess.variable($0) }) {
        address = environment("NOTIFY_SOCKET").flatMap { $0.isEmpty ? nil : $0 }
        let isMine = environment("WATCHDOG_PID").map { $0 == String(ThisProcess.identifier) } ?? true
        watchdogMilliseconds =
            isMine ? environment("WATCHDOG_USEC").flatMap { Int64($0) }.map { max(1, $0 / 1_000) } : nil
    }

    public func ready(_ status: String) { tell("READY=1\nSTATUS=\(status)") }
    public func status(_ status: String) { tell("STATUS=\(status)") }
    public func alive() { tell("WATCHDOG=1") }
    public func reloading() { tell("RELOADING=1\nMONOTONIC_USEC=\(Moment.monotonicMilliseconds() * 1_000)") }
    public func stopping(_ status: String) { tell("STOPPING=1\nSTATUS=\(status)") }

    /// Nobody may be there to hear it, which is no fault of ours.
    private func tell(_ text: String) {
        guard let address, let target = LocalAddress(address) else { return }
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        target.withPointer { pointer, length in
            _ = sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), pointer, length)
        }
    }
}

/// The address of a socket in the file system, or, with an `@` in front, in the abstract namespace of Linux.
struct LocalAddress {
    private var address = sockaddr_un()
    private let length: socklen_t

    init?(_ path: String) {
        var bytes = Array(path.utf8)
        let room = MemoryLayout.size(ofValue: address.sun_path)
        guard !bytes.isEmpty, bytes.count < room, !bytes.contains(0) else { return nil }
        let isAbstract = bytes[0] == UInt8(ascii: "@")
        if isAbstract { bytes[0] = 0 }
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let header = MemoryLayout<sockaddr_un>.size - room
        length = socklen_t(header + bytes.count + (isAbstract ? 0 : 1))
    }

    func withPointer<Answer>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Answer) -> Answer {
        withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
        }
    }
}
