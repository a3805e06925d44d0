import FoundationEssentials
import Machine

/// The way to the program for one home.
///
/// When nobody owns the home, it is opened in this process. When a service does, the same requests go to it as the bytes
/// of an `Exchange`, over the socket in the home, and nothing else changes for those who ask.
public struct Door: Sendable {
    public let folder: HomeFolder
    public let options: OpenHome.Options

    public init(_ folder: HomeFolder, _ options: OpenHome.Options) {
        self.folder = folder
        self.options = options
    }

    /// Asks, and also tells what the person should know besides the answer.
    public func ask<SomeRequest: Request>(
        _ request: SomeRequest
    ) throws -> (answer: SomeRequest.Answer, notices: [String]) {
        try open { home in try request.answer(in: home) }
    }

    /// Opens the home in this process, for as long as the body lasts.
    public func open<Answer>(_ body: (OpenHome) throws -> Answer) throws -> (answer: Answer, notices: [String]) {
        let home = try OpenHome(folder, options)
        let answer = try OpenHome.explained(folder) { try body(home) }
        try home.close()
        return (answer, home.notices)
    }

    /// Several requests, one after the other, to whoever owns the home: the service where it runs, else this process.
    public func converse<Answer>(
        _ body: (Conversation) throws -> Answer
    ) throws -> (answer: Answer, notices: [String]) {
        if let service = try service() {
            let conversation = Conversation(service, options)
            return (try body(conversation), conversation.notices)
        }
        return try open { home in try body(Conversation(home)) }
    }

    private func service() throws -> LocalConnection? {
        do {
            return try LocalConnection.connect(to: folder.socket)
        } catch {
            throw Refusal.machine(error, folder)
        }
    }
}

/// Requests to whoever owns a home.
public final class Conversation {
    private enum Other {
        case home(OpenHome)
        case service(LocalConnection, OpenHome.Options)
    }

    private let other: Other
    /// What the person should know besides the answers.
    public private(set) var notices: [String] = []

    init(_ home: OpenHome) { other = .home(home) }

    init(_ service: LocalConnection, _ options: OpenHome.Options) { other = .service(service, options) }

    /// Whether a service answers, and not this process.
    public var isWithService: Bool { if case .service = other { true } else { false } }

    public func ask<SomeRequest: Request>(_ request: SomeRequest) throws -> SomeRequest.Answer {
        switch other {
        case .home(let home): return try request.answer(in: home)
        case .service(let connection, let options):
            if options.projections != nil {
                throw Refusal(
                    .locked, "a service owns this home, and it uses the projections of the program",
                    hint: "Stop the service first, or leave --projections out.")
            }
            guard connection.write(line: try Exchange.bytes(of: request)) else { throw Self.gone }
            return try answer(to: SomeRequest.self, connection, options)
        }
    }

    private func answer<SomeRequest: Request>(
        to type: SomeRequest.Type, _ connection: LocalConnection, _ options: OpenHome.Options
    ) throws -> SomeRequest.Answer {
        while true {
            // It tells how far it is; who hears nothing at all should know for whom they wait.
            if !connection.hasNews(milliseconds: Self.patience) {
                options.network.hear(.silent(host: "the service", milliseconds: Int64(Self.patience)))
            }
            let line: [UInt8]?
            do {
                line = try connection.readLine()
            } catch {
                guard error.isInterrupted else { throw error }
                throw Refusal(.interrupted, "stopped", hint: "What was acknowledged is safe.")
            }
            guard let line else { throw Self.gone }
            if let progress = Exchange.progress(line) {
                try options.progress(progress)
            } else if let waiting = Exchange.waiting(line) {
                options.network.hear(waiting)
            } else {
                let (answer, said) = try Exchange.read(line, as: type)
                for notice in said where !notices.contains(notice) { notices.append(notice) }
                return answer
            }
        }
    }

    private static let patience: Int32 = 5_000

    private static let gone = Refusal(
        .failed, "the service ended before it answered",
        hint: "What was acknowledged is safe. Look why: systemctl status daybook")
}
