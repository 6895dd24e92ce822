<?php // The same application for Laravel 8, which has no Application::configure(): its kernels, its routes, its health check.

use Illuminate\Contracts\Console\Kernel as ConsoleKernel;
use Illuminate\Contracts\Debug\ExceptionHandler;
use Illuminate\Contracts\Http\Kernel as HttpKernel;
use Illuminate\Foundation\Application;
use Illuminate\Foundation\Http\Kernel;
use Illuminate\Support\Facades\Route;

$_SERVER['APP_KEY'] ??= getenv('APP_KEY') ?: 'base64:'.base64_encode(random_bytes(32));

if (! class_exists(OlderHttpKernel::class, false)) {
    class OlderHttpKernel extends Kernel
    {
        protected $middlewareGroups = ['web' => [
            Illuminate\Cookie\Middleware\EncryptCookies::class,
            Illuminate\Cookie\Middleware\AddQueuedCookiesToResponse::class,
            Illuminate\Session\Middleware\StartSession::class,
            Illuminate\View\Middleware\ShareErrorsFromSession::class,
            Illuminate\Foundation\Http\Middleware\VerifyCsrfToken::class,
            Illuminate\Routing\Middleware\SubstituteBindings::class,
        ]];
    }
}

$app = new Application(dirname(__DIR__));
$app->singleton(HttpKernel::class, OlderHttpKernel::class);
$app->singleton(ConsoleKernel::class, Illuminate\Foundation\Console\Kernel::class);
$app->singleton(ExceptionHandler::class, Illuminate\Foundation\Exceptions\Handler::class);
$app->booted(function (): void {
    Route::middleware('web')->group(base_path('routes/web.php'));
    Route::get('/healthz', fn () => response('ok'));
    Route::getRoutes()->refreshNameLookups();
});

return $app;
