public import Application
import Machine
public import WebServer

/// Finds out who asks: nil is nobody who is known, a fault is what was shown and is not good (any more).
public typealias Authenticate = @Sendable (Visit) throws(AccessFault) -> Caller?

/// Whoever answers the requests of the program.
public protocol Asker: Sendable {
    func ask<SomeRequest: Request>(_ request: SomeRequest) throws -> SomeRequest.Answer
}

extension Household: Asker {
    public func ask<SomeRequest: Request>(_ request: SomeRequest) throws -> SomeRequest.Answer {
        try ask(request, .person)
    }
}
