// Asks an address once and tells by its exit code whether the answer was a success: the image holds no other program
// that could.
using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false })
{
    Timeout = TimeSpan.FromSeconds(3),
};
try
{
    using var answer = await client.GetAsync(args[0]);
    return (int)answer.StatusCode < 400 ? 0 : 1;
}
catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException)
{
    Console.Error.WriteLine(failure.Message);
    return 1;
}
