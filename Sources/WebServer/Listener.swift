import CMicroHTTPD
import Glibc
import Machine

/// Listens for requests over HTTP/1.1, and hands over those that are whole and within the limits.
///
/// A request comes to the handler when its body is there. What is not well formed, too large, too slow or too much is
/// refused before (`WireFault`). TLS and HTTP/2 are the business of a proxy in front.
public final class Listener: Sendable {
    /// Where it listens; 0 for a Unix socket that was handed over.
    public let port: Int

    private let house: House
    private let thread: Background<Void>
    private let daemon: Guarded<Daemon?>

    private struct Daemon: @unchecked Sendable {
        let handle: OpaquePointer
    }

    /// - Parameter handle: called on an internal thread that serves many connections, so it must not block: it hands the visit
    ///   on, and the answer is given when it is known. It must not stop the listener.
    public init(_ options: Options = Options(), handle: @escaping @Sendable (Visit, Answer) -> Void)
        throws(ListenerError)
    {
        let doorway = try Doorway(options)
        let place = "\(options.address):\(doorway.port)"
        let watch: Watch
        do {
            watch = try Watch(
                shortestMilliseconds: options.receivingMilliseconds, whenLate: { options.log(.late) })
            thread = try Background { watch.run() }
        } catch {
            close(doorway.descriptor)
            throw ListenerError(code: error.code, place: place)
        }
        house = House(options, watch, handle)
        port = doorway.port
        guard let handle = Self.start(options, doorway.descriptor, house) else {
            watch.end()
            try? thread.wait()
            close(doorway.descriptor)
            throw ListenerError(code: 0, place: place)
        }
        daemon = Guarded(Daemon(handle: handle))
    }

    deinit { stop(drainingMilliseconds: 0) }

    /// Accepts nobody more, lets what is under way end within the time, and then ends it. Streams are closed at once, after what
    /// waits in them. Answers that are given later are harmless. When it returns, no thread of it is left; a second call
    /// does nothing.
    public func stop(drainingMilliseconds: Int) {
        let running = daemon.with { daemon in
            defer { daemon = nil }
            return daemon
        }
        guard let running else { return }
        let socket = MHD_quiesce_daemon(running.handle)
        // The threads may look at it until they have ended, so it is closed after them. One that was handed over still belongs
        // to others, who take the next visitors.
        if socket >= 0, house.options.socket == nil { shutdown(socket, Int32(SHUT_RDWR)) }
        house.drain(milliseconds: drainingMilliseconds)
        MHD_stop_daemon(running.handle)
        if socket >= 0 { close(socket) }
        Unmanaged.passUnretained(house).release()
        house.watch.end()
        try? thread.wait()
    }

    /// The library holds the house until it has stopped.
    private static func start(_ options: Options, _ socket: Int32, _ house: House) -> OpaquePointer? {
        var rules = mhd_rules(
            socket: socket, threads: UInt32(max(1, options.threads)),
            connections: UInt32(Doorway.connections(wanted: options.connections)),
            per_address: UInt32(options.connectionsPerAddress), silence_seconds: UInt32(options.silenceSeconds),
            connection_bytes: options.headerBytes)
        let held = Unmanaged.passRetained(house)
        let daemon = mhd_start(
            &rules, held.toOpaque(), requestWentOn, lineCame, requestEnded, connectionChanged, libraryTold)
        if daemon == nil { held.release() }
        return daemon
    }
}
