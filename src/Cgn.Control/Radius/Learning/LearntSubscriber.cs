using Cgn.Control.Radius.Sessions;

namespace Cgn.Control.Radius.Learning;

/// <summary>A subscriber as another gateway's accounting tells of it.</summary>
/// <param name="Who">The subscriber.</param>
/// <param name="Nas">The other gateway: its NAS-Identifier or address.</param>
/// <param name="Session">Acct-Session-Id at that gateway.</param>
/// <param name="UserName">The subscriber's login, or empty.</param>
/// <param name="Policy">What the record says of its policy.</param>
internal sealed record LearntSubscriber(
    SubscriberIdentity Who, string Nas, string Session, string UserName, SubscriberPolicy Policy);
